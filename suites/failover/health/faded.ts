import type { Observing } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { hostSpec } from '../../../src/model/spec.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { readPcap } from '../../../src/probe/pcap.ts';
import { clientAddresses } from '../../common/stages.ts';
import { targetOf } from '../../common/subjects.ts';
import { serviceAt } from '../../common/tables.ts';
import { slackMs } from './limits.ts';
import { ports } from './stage.ts';
import { limitAt, type Weights, watch } from './watching.ts';

/** A real server that serves its clients and fails its checks, in services that remove it and that quiesce it. */
export interface Faded {
  server: string;
  tables: { removed: Weights; quiesced: Weights };
  /** On connections that it held: who answered, or the error. */
  held: { removed: string[]; quiesced: string[] };
  /** The same once it was back. */
  heldAfterReturn: string[];
  /** A client that has a template for it, when it connected again. */
  known: { client: string; answers: string[] };
  /** Frames for the VIP that the director sent to it, by port of the service, after it was out of both tables. */
  frames: Record<string, number>;
  /** New connections meanwhile, to the service that removed it. */
  fresh: string[];
}

const silenceMs = 1_500;
const resetMs = 4_000;

const done = new WeakMap<Lab, Promise<Faded>>();

/** It takes some seconds, so it is done once for a lab. */
export function faded(on: Observing): Promise<Faded> {
  const known = done.get(on.lab) ?? fade(on);
  done.set(on.lab, known);
  return known;
}

async function fade({ lab, evidence, note }: Observing): Promise<Faded> {
  const { director, name, victim, prober, weights, whenSo, allBack } = await watch(lab);
  const serviceOn = (port: number) => targetOf(serviceAt(lab.spec, port));
  const held = await Promise.all([
    prober.hold(serviceOn(ports.http), { count: 3 }),
    prober.hold(serviceOn(ports.quiesced), { count: 3 }),
  ]);
  const [onRemoved, onQuiesced] = held;
  const own = async (one: typeof onRemoved, timeoutMs: number) =>
    (await one.ask(timeoutMs))
      .filter((_, i) => one.answers[i]?.server === victim)
      .map(({ server, error }) => server ?? error ?? 'no answer');
  const askFrom = async (port: number, from: string, n: number) =>
    (
      await prober.requests(serviceOn(port), { count: n, parallel: n, from: [from], timeoutMs: silenceMs })
    ).map(({ server, error }) => server ?? error ?? 'no answer');
  let client = '';
  for (const from of clientAddresses(lab.spec))
    if (client === '' && (await askFrom(ports.persistent, from, 1))[0] === victim) client = from;
  note(`${victim} answers health checks with 500, and clients as before`);
  const fault = await lab.faults.start({
    kind: 'errorAnswers',
    host: victim,
    status: 500,
    requesters: 'directors',
  });
  try {
    const withinMs = limitAt(lab.spec, ports.http) + slackMs + 2_000;
    await whenSo(ports.http, `${victim} gone`, (all) => !(victim in all), withinMs);
    for (const port of [ports.quiesced, ports.persistent])
      await whenSo(port, `${victim} quiesced`, (all) => !((all[victim] ?? 0) > 0), withinMs);
    const capture = await lab.capture({ filter: `tcp and dst host ${serviceOn(ports.http).ip}` });
    const tables = { removed: await weights(ports.http), quiesced: await weights(ports.quiesced) };
    const [removed, quiesced, fresh] = await Promise.all([
      own(onRemoved, silenceAt(lab)),
      own(onQuiesced, silenceMs),
      prober.requests(serviceOn(ports.http), { count: 6, parallel: 6, timeoutMs: silenceMs }),
    ]);
    const answers = client === '' ? [] : await askFrom(ports.persistent, client, 2);
    const pcap = await capture.stop();
    await evidence.save('after-removal.pcap', pcap);
    await evidence.save('ipvs.txt', await ipvs.text(director));
    const macs = { from: hostSpec(lab.spec, name).mac, to: hostSpec(lab.spec, victim).mac };
    const frames: Faded['frames'] = { [ports.http]: 0, [ports.quiesced]: 0 };
    for (const { frame } of readPcap(pcap)) {
      const port = frame.tcp?.dstPort;
      if (frame.src === macs.from && frame.dst === macs.to && port !== undefined)
        frames[port] = (frames[port] ?? 0) + 1;
    }
    await fault.revert();
    await allBack();
    return {
      server: victim,
      tables,
      held: { removed, quiesced },
      // Long enough for the client's TCP to send again what was dropped.
      heldAfterReturn: await own(onRemoved, 8_000),
      known: { client, answers },
      frames,
      fresh: fresh.map(({ server, error }) => server ?? error ?? 'no answer'),
    };
  } finally {
    await fault.revert();
    await Promise.all(held.map((one) => one.close()));
  }
}

/** A reset ends the wait, so where one should come it is waited for much longer. */
const silenceAt = ({ spec }: Lab): number =>
  spec.hosts.some(({ sysctls: of }) => of['net.ipv4.vs.expire_nodest_conn'] === '1') ? resetMs : silenceMs;
