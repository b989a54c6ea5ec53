import { check, type Judgement } from '../../src/model/check.ts';
import { entryOf } from '../../src/model/ipvs-words.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import { type Answer, proberOn } from '../../src/probe/client/prober.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { sysctls } from '../common/mutate.ts';
import { on } from '../common/remedy.ts';
import { clientOf, hostOfMac, list, targetOf } from '../common/subjects.ts';
import { announcers, whenHop } from './hops.ts';
import { announced, announcedService, choosesByPacket, ownAnnounced } from './stage.ts';

/*
 *   48 open connections ── a4 withdraws ──▶ the router hashes over three: those of a4 and some of others move to a
 *                                           director that has never seen them
 */

interface Surviving {
  director: string;
  gone: boolean;
  /** sloppy_tcp of each director that has moved connections. */
  sloppy: Record<string, string>;
  /** By connection: who had it before and after, who answered, and how it ended. */
  flows: { before: string; after: string; server: string; ok: boolean; error?: string; now?: string }[];
}

const connections = 48;
const askMs = 3_000;

/** Directors of the packets from these ports, the last one of each. */
function takers(lab: Lab, pcap: Uint8Array): Map<number, string> {
  const found = new Map<number, string>();
  for (const { dst, tcp } of decodePcap(pcap)) {
    const host = hostOfMac(lab.spec, dst);
    if (host?.role === 'director' && tcp) found.set(tcp.srcPort, host.name);
  }
  return found;
}

export const connectionsSurvive = check<Surviving>({
  id: 'ANY-07',
  suite: 'anycast',
  level: 'should',
  title: 'connections in progress outlive a director that leaves, and those that ECMP moves',
  requirement:
    'A connection that the router hands to another director goes on with its real server: the directors choose alike (mh, sh), and take connections in the middle (sloppy_tcp).',
  source: 'RFC 2992 §3; ipvs-sysctl.rst: sloppy_tcp; Linux tcp_conn_schedule()',
  needs: ['capture', 'announcedVips', 'ipvs', 'directorFault'],
  announced: true,
  stage: announced,
  own: ownAnnounced(),
  disturbs: true,
  scheduling: { clock: 'virtual' },
  mutants: [
    {
      id: 'not-sloppy',
      breaks: 'directors take no connections in the middle (sloppy_tcp=0)',
      change: sysctls('director', { 'net.ipv4.vs.sloppy_tcp': '0' }),
      reason: /sloppy_tcp is 0/,
    },
    {
      id: 'other-scheduler',
      breaks: 'the directors choose by connections, which no two count alike (wlc)',
      change: (spec) => ({
        ...spec,
        services: spec.services.map(({ schedulerFlags: _, ...one }) => ({ ...one, scheduler: 'wlc' })),
      }),
      reason: /wlc/,
    },
  ],
  async observe({ lab, evidence }) {
    const { spec } = lab;
    const service = announcedService(spec);
    const director = announcers(spec).at(-1) ?? '';
    const prober = await proberOn(lab, clientOf(spec).name);
    const filter = `tcp and dst host ${service.vip} and dst port ${service.port} and src host ${clientOf(spec).ip}`;
    const opening = await lab.capture({ filter, snapLengthBytes: 96 });
    const held = await prober.hold(targetOf(service), { count: connections });
    try {
      const before = takers(lab, await opening.stop());
      await lab.faults.signalDirector(director, 'TERM');
      const gone = await whenHop(lab, { vip: service.vip, director, is: false }, 5_000);
      const asking = await lab.capture({ filter, snapLengthBytes: 96 });
      const answers = await held.ask(askMs);
      const pcap = await asking.stop();
      await evidence.save('after.pcap', pcap);
      const after = takers(lab, pcap);
      const flows = held.answers.flatMap((first, i) => flowOf(first, answers[i], before, after));
      const sloppy: Surviving['sloppy'] = {};
      for (const name of new Set(flows.map((flow) => flow.after)))
        if (name !== '')
          sloppy[name] = (
            await lab.host(name).exec('exec cat /proc/sys/net/ipv4/vs/sloppy_tcp')
          ).stdout.trim();
      return { director, gone, sloppy, flows };
    } finally {
      await held.close();
      await lab.faults.startDirector(director);
    }
  },
  judge: (observation, { spec }) => survival(observation, spec),
});

function flowOf(
  first: Answer,
  later: Answer | undefined,
  before: Map<number, string>,
  after: Map<number, string>,
): Surviving['flows'] {
  if (!first.ok || !later) return [];
  return [
    {
      before: before.get(first.localPort) ?? '',
      after: after.get(first.localPort) ?? '',
      server: first.server ?? '',
      ok: later.ok,
      ...(later.error !== undefined && { error: later.error }),
      ...(later.server !== undefined && { now: later.server }),
    },
  ];
}

function survival({ director, gone, sloppy, flows }: Surviving, spec: LabSpec): Judgement {
  const service = announcedService(spec);
  const expected = `all of ${connections} connections go on with their real servers after ${director} has left`;
  if (flows.length < connections / 2)
    return inconclusive(expected, `only ${flows.length} of ${connections} connections came about`);
  if (!gone) return inconclusive(expected, `${director} was stopped, and still is a next hop`);
  const left = flows.filter(({ before }) => before === director);
  if (left.length === 0)
    return inconclusive(expected, `none of ${flows.length} connections was with ${director}`);
  const others = flows.filter(({ before }) => before !== director && before !== '');
  const moved = others.filter(({ before, after }) => after !== '' && after !== before);
  const broken = flows.filter(({ ok, server, now }) => !ok || now !== server);
  const figures = [
    { name: 'connections of the director that left', value: left.length, unit: '1', samples: flows.length },
    {
      name: 'share of the connections of other directors that ECMP moved',
      value: others.length === 0 ? 0 : moved.length / others.length,
      unit: '1',
      samples: others.length,
    },
    { name: 'connections that broke', value: broken.length, unit: '1', samples: flows.length },
  ];
  const seen = `${left.length} were with ${director}, and ${moved.length} of ${others.length} others moved to another director; ${broken.length} broke`;
  if (broken.length === 0) return pass(expected, seen, { figures });
  const takersOf = [...new Set(broken.map(({ after }) => after).filter((name) => name !== ''))].sort();
  const strict = takersOf.filter((name) => sloppy[name] === '0');
  if (!choosesByPacket(service))
    return fail(expected, seen, {
      cause: `${service.scheduler} chooses by what each director has counted itself, so a connection that moves to ${list(takersOf)} meets another real server`,
      remedy: takersOf.flatMap((name) => on(name, `ipvsadm -E ${entryOf(service)} -s mh -b mh-port`)),
      figures,
    });
  if (strict.length > 0)
    return fail(expected, seen, {
      cause: `what belongs to no known connection is dropped on ${list(strict)}: sloppy_tcp is 0`,
      remedy: on(strict, 'sysctl -w net.ipv4.vs.sloppy_tcp=1'),
      figures,
    });
  return fail(expected, seen, {
    cause: `on ${list(takersOf)} other real servers are chosen than on the director before, or a filter drops what begins in the middle`,
    remedy: on(takersOf, 'ipvsadm -Sn', 'iptables -S'),
    figures,
  });
}
