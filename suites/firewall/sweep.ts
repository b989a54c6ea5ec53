import { setTimeout as sleep } from 'node:timers/promises';
import type { Evidence } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { firstCraftedPort } from '../common/crafted-ports.ts';
import { clientOf, realServersOf, senderTo, serviceOf } from '../common/subjects.ts';
import { type Syn, sendSyns } from '../common/syns.ts';

/** SYNs from all over the client's ports that went straight to one real server. */
export interface Swept {
  server: string;
  sent: number;
  /** Source ports whose SYN was not accepted, twice. */
  silent: number[];
  /** Where some were silent: what SYNs from some silent ports and some others got later. */
  again?: { silent: Tally; others: Tally };
}

interface Tally {
  asked: number;
  accepted: number;
}

/** What is sent in all, at most: with three real servers one SYN from each 64 ports to each. */
const mostSyns = 3_024;
const mostServers = 12;
const [firstPort, lastPort] = [1_024, firstCraftedPort - 1];

/** Asks each real server for the VIP from ports evenly apart: a rule about some of them shows in a gap. */
export async function sweep(lab: Lab, evidence: Evidence): Promise<Swept[]> {
  const { spec } = lab;
  const service = serviceOf(spec, 'tcp');
  const source = clientOf(spec);
  const servers = realServersOf(spec, service).slice(0, mostServers);
  const each = Math.floor(mostSyns / servers.length);
  const step = (lastPort + 1 - firstPort) / each;
  // Away from where it was a moment ago, for an entry or a socket that an earlier round left.
  const offset = Math.floor(Date.now() / 250) % Math.floor(step);
  const syns = servers.flatMap((server) =>
    Array.from({ length: each }, (_, i) => ({
      ...{ sender: senderTo(spec, source, server), source, server, ip: service.vip, port: service.port },
      srcPort: firstPort + Math.floor(i * step) + offset,
    })),
  );
  const { answerTo } = await sendSyns(lab, syns, 'sweep', evidence);
  const silent = syns.filter((syn) => answerTo(syn) !== 'accepted');
  const swept: Swept[] = servers.map((server) => ({
    ...{ server: server.name, sent: each },
    silent: silent.filter((syn) => syn.server === server).map(({ srcPort }) => srcPort),
  }));
  const parts = partly(swept);
  if (parts.length === 0) return swept;
  const again = parts.map(({ server, silent: ports }) => {
    const own = syns.filter((syn) => syn.server.name === server);
    const from = (isSilent: boolean) =>
      spread(own.filter(({ srcPort }) => ports.includes(srcPort) === isSilent));
    return { server, shut: from(true), open: from(false) };
  });
  await sleep(refillMs);
  const asked = again.flatMap(({ shut, open }) => interleaved(shut, open));
  const { answerTo: later } = await sendSyns(lab, asked, 'sweep-later', evidence);
  const tally = (some: Syn[]): Tally => ({
    asked: some.length,
    accepted: some.filter((syn) => later(syn) === 'accepted').length,
  });
  return swept.map((one) => {
    const found = again.find(({ server }) => server === one.server);
    return found ? { ...one, again: { silent: tally(found.shut), others: tally(found.open) } } : one;
  });
}

/** For a limit of connections in a time: long enough for the next few. */
const refillMs = 1_000;
const sampled = 16;

/** At most so many, evenly apart. */
const spread = <T>(all: T[]): T[] =>
  all.filter(
    (_, i) => Math.floor((i * sampled) / all.length) !== Math.floor(((i - 1) * sampled) / all.length),
  );

const interleaved = <T>(a: T[], b: T[]): T[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [
    ...a.slice(i, i + 1),
    ...b.slice(i, i + 1),
  ]).flat();

/** Whether SYNs fail whatever their ports: silent ones get through later, or others then do not. */
export const anyPortFails = ({ again }: Swept): boolean =>
  again !== undefined && (again.silent.accepted > 0 || again.others.accepted < again.others.asked);

/** «40000 to 40960», from the first to the last of them. */
export const portsText = (ports: number[]): string =>
  ports.length === 0 ? 'none' : `${Math.min(...ports)} to ${Math.max(...ports)}`;

/** Servers that accept a client from some of its ports and not from others. */
export const partly = (swept: Swept[]): Swept[] =>
  swept.filter(({ sent, silent }) => silent.length > 0 && silent.length < sent);
