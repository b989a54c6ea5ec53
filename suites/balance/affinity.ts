import { entryOf } from '../../src/model/ipvs-words.ts';
import { hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { on } from '../common/remedy.ts';
import { needs } from '../scheduler/held.ts';
import { fromEach } from '../scheduler/observing.ts';
import { directorOf, ownBench, scheduledWith, schedulers, triedService } from '../scheduler/stage.ts';
import { type Balancing, balanced, withEach, without } from './services.ts';

interface Affinity {
  /** By scheduler: who answered each address, in one round after the other. */
  done: { scheduler: Balancing; rounds: string[][] }[];
  lacking: string[];
}

const hashing: readonly Balancing[] = ['sh', 'mh'];
/** Of the stage; and a prime number, so that with rr every address meets another real server however many there are. */
const addressesFor = (spec: LabSpec): number => (spec.stage === undefined ? 53 : 50);
const rounds = 3;

/** Share of the addresses that met one real server only. */
export const kept = (seen: readonly (readonly string[])[]): number => {
  const [first = []] = seen;
  return first.filter((name, i) => seen.every((round) => round[i] === name)).length / first.length;
};

/** In the stage, 50 is no multiple of 3: with rr every address meets another real server in the next round. */
export const sourcesKeepServer = functional<Affinity>({
  id: 'BAL-02',
  suite: 'balance',
  level: 'must',
  title: 'with sh and mh every source keeps its real server; with rr none does',
  requirement: 'While the table stays the same, all connections of a client address reach one real server.',
  source: 'ipvsadm(8): sh, mh; Linux ip_vs_sh.c, ip_vs_mh.c',
  needs,
  stage: schedulers,
  own: {
    subject: 'a tcp service with sh or mh',
    has: (spec) => hashing.some((one) => ownBench(balanced[one]).has(spec)),
    needs: ['director', 'ipvs'],
    vantages: { clients: true },
  },
  mutants: [
    {
      id: 'sh-is-rr',
      breaks: 'the service that should hash sources takes turns',
      change: scheduledWith('balanceSh', 'rr'),
      reason: /sh: 0 of 5\d/,
    },
    {
      id: 'mh-is-wrr',
      breaks: 'the service that should hash sources takes turns by weight',
      change: scheduledWith('balanceMh', 'wrr'),
      reason: /mh: 0 of 5\d/,
    },
  ],
  observe: ({ lab, note }) =>
    withEach(lab, [...hashing, 'rr'], async (service, scheduler) => {
      const seen: string[][] = [];
      for (let round = 1; round <= rounds; round++) {
        note(`${scheduler}, round ${round} of ${rounds}`);
        seen.push((await fromEach(lab, service, addressesFor(lab.spec))).map(({ to }) => to));
      }
      return { scheduler, rounds: seen };
    }),
  judge({ done, lacking }, { spec }) {
    // Where none can be borrowed there is the client's own alone.
    const asked = Math.max(0, ...done.map((one) => one.rounds[0]?.length ?? 0));
    const addresses = spec.stage === undefined ? asked : addressesFor(spec);
    const expected = `each of ${addresses} addresses met one real server in ${rounds} rounds`;
    const hashed = done.filter(({ scheduler }) => hashing.includes(scheduler));
    if (hashed.length === 0) return inconclusive(expected, `nothing was measured${without(lacking)}`);
    const servers = new Set(hostsOf(spec, 'realServer').map(({ name }) => name));
    const short = done.find(
      ({ rounds: seen }) =>
        seen.length < rounds ||
        seen.some((round) => round.length < addresses || !round.every((one) => servers.has(one))),
    );
    if (short) return inconclusive(expected, `not every connection was answered with ${short.scheduler}`);
    const figures = done.map(({ scheduler, rounds: seen }) => ({
      name: `sources that kept their real server, ${scheduler}`,
      value: kept(seen),
      unit: '1',
      samples: addresses,
    }));
    const seen = `${done.map((one) => `${one.scheduler}: ${Math.round(addresses * kept(one.rounds))} of ${addresses}`).join('; ')}${without(lacking)}`;
    const astray = hashed.find((one) => kept(one.rounds) < 1);
    if (!astray) return pass(expected, seen, { figures });
    const service = triedService(spec, balanced[astray.scheduler]);
    const host = directorOf(spec);
    return fail(expected, seen, {
      cause: `${host} does not schedule ${entryOf(service)} by the source with ${astray.scheduler}: ${Math.round(addresses * (1 - kept(astray.rounds)))} of ${addresses} addresses went to several real servers`,
      remedy: on(host, `ipvsadm -E ${entryOf(service)} -s ${astray.scheduler}`),
      figures,
    });
  },
});
