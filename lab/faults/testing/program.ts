/**
 * What the lab test runs inside a sandbox with a kernel of its own: one lab, one fault after the other, each looked
 * at from outside before, while it lasts and after. Prints nothing; writes what it saw as JSON to the file named.
 */
import { writeFileSync } from 'node:fs';
import type { FaultEvidence, FaultSpec } from '../../../src/model/fault.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { hostSpec } from '../../../src/model/spec.ts';
import { messageOf } from '../../../src/util/errors.ts';
import { until } from '../../../src/util/until.ts';
import { labOf } from '../../base/testing/lab-of.ts';
import { buildLab } from '../../netns/build.ts';
import { ask } from '../ask.ts';
import { Observer, vip } from './observer.ts';

const spec = labOf({
  director: {
    kind: 'keepalived',
    vrrp: { version: 3, virtualRouterId: 51, advertMs: 100, priorities: [150, 100], preempt: true },
  },
  directors: 2,
  realServers: 2,
  services: [{}],
});

interface Seen {
  spec: FaultSpec;
  before: unknown;
  during: unknown;
  after: unknown;
  evidence: FaultEvidence;
  /** In what the lab is not as before, when it should be. */
  changed: string | undefined;
  tookMs: number;
}

const lab: Lab = await buildLab(spec);
const look = new Observer(lab);
const all: Record<string, Seen> = {};
// Neighbours that are only heard, never asked: a machine that is busy asks at other moments than an idle one.
await lab.host('client1').exec('echo 600 >/proc/sys/net/ipv4/neigh/eth0/delay_first_probe_time');
const atFirst = await look.state();

/** @param probe what is to be seen before and after; the fault is verified when it is there. */
async function watch(
  name: string,
  fault: FaultSpec,
  probe: () => Promise<unknown>,
  meanwhile: () => Promise<unknown> = probe,
): Promise<void> {
  const start = performance.now();
  const before = await probe();
  const running = await lab.faults.start(fault);
  const during = await meanwhile();
  const evidence = await running.verify();
  await running.revert();
  let state = '';
  const changed = await until(
    'the lab to be as before',
    async () => {
      state = await look.state();
      return state === atFirst ? '' : undefined;
    },
    { withinMs: 8_000 },
  ).catch(() => `${atFirst}\nbecame\n${state}`);
  const after = await probe();
  const tookMs = Math.round(performance.now() - start);
  all[name] = { spec: fault, before, during, after, evidence, changed: changed || undefined, tookMs };
}

const server = () => look.outcome('client1', 'rs1');
const service = () => look.outcome('client1', vip);

for (const signal of ['TERM', 'KILL', 'STOP'] as const)
  await watch(`daemon ${signal}`, { kind: 'daemon', host: 'dir1', signal }, service, async () => [
    await look.becomesHolder('dir2'),
    await look.sendsTo('client1', 'dir2'),
  ]);
await watch(
  'powerOff thawed',
  { kind: 'powerOff', host: 'dir1', back: 'thawed' },
  () => look.ticks('dir1'),
  async () => [await look.ticks('dir1'), await look.becomesHolder('dir2'), await service()],
);
await lab.host('rs1').exec('ip addr add 198.18.77.77/32 dev lo; ipvsadm -A -t 198.18.77.77:80');
const marked = [await look.marks('rs1')];
await watch('powerOff rebooted', { kind: 'powerOff', host: 'rs1', back: 'rebooted' }, server);
marked.push(await look.marks('rs1'));
await watch('director rebooted', { kind: 'powerOff', host: 'dir2', back: 'rebooted' }, service, () =>
  look.outcome('client1', 'dir2', 9),
);
await watch('portDown', { kind: 'portDown', host: 'rs1' }, server);
await watch('flap', { kind: 'flap', host: 'rs1', periodMs: 800, count: 10 }, server, () =>
  look.outcomes('client1', 'rs1'),
);
await watch(
  'loss fromHost',
  { kind: 'loss', host: 'rs1', direction: 'fromHost', percent: 30 },
  () => look.datagrams('rs1', 'client1', 30),
  async () => [await look.datagrams('rs1', 'client1', 30), await look.datagrams('client1', 'rs1', 30)],
);
await watch(
  'loss toHost',
  { kind: 'loss', host: 'rs1', direction: 'toHost', percent: 100 },
  () => look.datagrams('client1', 'rs1', 5),
  async () => [await look.datagrams('client1', 'rs1', 5), await look.datagrams('rs1', 'client1', 5)],
);
await watch('partition', { kind: 'partition', sides: [['dir1'], ['dir2']] }, service, async () => [
  await look.becomesHolder('dir2'),
  await look.holders(),
  await look.outcome('client1', 'dir1', 9),
  await look.outcome('client1', 'dir2', 9),
]);
await watch(
  'announcementsLost',
  { kind: 'announcementsLost', host: 'dir2' },
  () => look.neighbourOf('client1'),
  async () => {
    await lab.host('client1').exec('ip neigh flush all');
    await service();
    await using dead = await lab.faults.start({ kind: 'daemon', host: 'dir1', signal: 'TERM' });
    await look.becomesHolder('dir2');
    await until('an announcement', async () => (await look.lostAnnouncements()) > 0 || undefined, {
      withinMs: 20_000,
    });
    return [await look.neighbourOf('client1'), (await dead.verify()).happened];
  },
);
const rip = hostSpec(spec, 'rs1').ip;
const both = async () => [
  await ask(lab.host('dir1'), { address: rip, port: 80 }, 900),
  await ask(lab.host('client1'), { address: rip, port: 80 }, 900),
];
const bad = { host: 'rs1', requesters: 'directors' } as const;
await watch('slowAnswers', { kind: 'slowAnswers', ...bad, delayMs: 400 }, both);
await watch('errorAnswers', { kind: 'errorAnswers', ...bad, status: 500 }, both);
await watch('hang', { kind: 'hang', host: 'rs1', requesters: 'everyone' }, server);
await watch('serviceDead', { kind: 'serviceDead', host: 'rs1' }, server);
await using held = await look.hold();
await watch('tableFull', { kind: 'tableFull', host: 'dir1', entries: 2_000 }, async () => [
  await service(),
  await held.again(),
]);
await watch('clockStep', { kind: 'clockStep', stepMs: 3_600_000 }, () => look.clockMs('client1'));
await watch(
  'rogueRouter',
  { kind: 'rogueRouter', priority: 200 },
  () => look.neighbourOf('client1'),
  async () => {
    await until('the VIP to move', async () => ((await look.holders()).length === 0 ? true : undefined), {
      withinMs: 20_000,
    });
    return [await look.sendsTo('client1', '02:99:00:00:00:02'), await service()];
  },
);

const refused = async (fault: FaultSpec) => lab.faults.start(fault).then(() => 'started', messageOf);
const refusals = [
  await refused({ kind: 'portDown', host: 'nobody' }),
  await refused({ kind: 'hang', host: 'dir1', requesters: 'everyone' }),
];
await lab[Symbol.asyncDispose]();
writeFileSync(process.argv[2] ?? '', JSON.stringify({ unsettled: lab.unsettled, all, marked, refusals }));
