import type { Check } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { ServiceSpec } from '../../src/model/spec.ts';
import { functional } from '../common/coassert.ts';
import { mistaken, needs } from './held.ts';
import { eachWhere } from './judging.ts';
import { fromEach, fromPorts, type Hashed, type Start, startOf } from './observing.ts';
import { sourceHash } from './oracle/hash.ts';
import type { Choose } from './oracle/server.ts';
import {
  firstWeighs,
  ownBench,
  scheduledWith,
  schedulers,
  type TriedService,
  triedService,
} from './stage.ts';

/** Schedulers that hash the client: where each of 64 addresses, or each of many ports, ends up. */

export interface Spread {
  start: Start;
  connections: Hashed[];
}

interface Sketch extends Pick<Check, 'id' | 'level' | 'title' | 'requirement' | 'source' | 'mutants'> {
  bench: TriedService;
  choose: (service: ServiceSpec) => Choose;
  /** Default: one connection from each address. */
  connect?: (lab: Lab, service: ServiceSpec) => Promise<Hashed[]>;
}

export const hashed = ({ bench, choose, connect = fromEach, ...words }: Sketch): Check =>
  functional<Spread>({
    ...words,
    suite: 'scheduler',
    needs,
    stage: schedulers,
    own: ownBench(bench),
    async observe({ lab }) {
      const service = triedService(lab.spec, bench);
      return { start: await startOf(lab, service), connections: await connect(lab, service) };
    },
    judge({ start, connections }, { spec }) {
      const service = triedService(spec, bench);
      return eachWhere(connections, choose(service), { spec, service, start });
    },
  });

/** Mutant: the flags of the scheduler were forgotten. */
export const withoutFlags = (bench: TriedService, scheduler: string, flag: string) => ({
  id: 'no-flag',
  breaks: `the service lacks the flag ${flag}`,
  change: scheduledWith(bench, scheduler),
  reason: new RegExp(`went elsewhere.*may lack the flag ${flag}`),
});

export const sourceHashing = hashed({
  id: 'SCH-09',
  level: 'must',
  title: 'sh puts every client address where its hash says',
  requirement:
    'A connection goes to the bucket of its source address, of 256 that are distributed by weight in the order of the table.',
  source: 'Linux ip_vs_sh.c, hash_32(); ipvsadm(8)',
  bench: 'sh',
  choose: () => sourceHash(),
  mutants: [
    mistaken('sh', 'mh'),
    {
      id: 'weight',
      breaks: 'the weight of one real server mistyped',
      change: firstWeighs('sh', 3),
      reason: /went elsewhere.*gives \S+ the weight \d+, not \d+/,
    },
  ],
});

export const quiescedBucketsRefuse = hashed({
  id: 'SCH-10',
  level: 'should',
  title: 'sh refuses the clients of a quiesced server, and only those',
  requirement:
    'A server of weight 0 keeps a bucket of each round, and without sh-fallback the clients in it are refused.',
  source: 'Linux ip_vs_sh.c',
  bench: 'shQuiesced',
  choose: () => sourceHash(),
  mutants: [
    {
      id: 'fallback',
      breaks: 'the service has the flag sh-fallback',
      change: scheduledWith('shQuiesced', 'sh -b sh-fallback'),
      reason: /to rs\d, not to refused/,
    },
  ],
});

export const sourceHashFallsBack = hashed({
  id: 'SCH-11',
  level: 'should',
  title: 'sh-fallback serves the clients of a quiesced server elsewhere, and moves no other',
  requirement:
    'Where the server of a bucket is not available, the next available one by offset takes the client.',
  source: 'Linux ip_vs_sh.c (IP_VS_SVC_F_SCHED_SH_FALLBACK); ipvsadm(8) --sched-flags',
  bench: 'shFallback',
  choose: () => sourceHash({ fallback: true }),
  mutants: [withoutFlags('shFallback', 'sh', 'sh-fallback')],
});

export const sourcePortsCount = hashed({
  id: 'SCH-12',
  level: 'should',
  title: 'sh-port spreads the connections of one client by their ports',
  requirement: 'With sh-port the source port is added to the address before it is hashed.',
  source: 'Linux ip_vs_sh.c (IP_VS_SVC_F_SCHED_SH_PORT); ipvsadm(8) --sched-flags',
  bench: 'shPort',
  choose: () => sourceHash({ port: true }),
  connect: (lab, service) => fromPorts(lab, service, 24),
  mutants: [withoutFlags('shPort', 'sh', 'sh-port')],
});
