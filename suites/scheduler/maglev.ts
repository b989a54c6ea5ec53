import { destinationOf, entryOf } from '../../src/model/ipvs-words.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { LabSpec, ServiceSpec } from '../../src/model/spec.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { on } from '../common/remedy.ts';
import { type Spread, withoutFlags } from './hashing.ts';
import { mistaken, needs } from './held.ts';
import { eachWhere, isLost, meantServers, worst } from './judging.ts';
import { director, fromEach, fromPorts, type Hashed, startOf, weigh } from './observing.ts';
import { sourceHash } from './oracle/hash.ts';
import { maglev } from './oracle/maglev.ts';
import type { Choose } from './oracle/server.ts';
import { directorOf, firstWeighs, ownBench, schedulers, type TriedService, triedService } from './stage.ts';

/** What becomes of clients when a server goes: sh shuffles them, mh hardly does. */

/** The server that is quiesced and removed: the second, so that the list has one on either side of it. */
const leaving = (service: ServiceSpec): string => service.realServers[1]?.name ?? '';

/** 32 addresses tell one table from another; SCH-14 asks all 64. */
async function spreadOf(lab: Lab, service: ServiceSpec, clients = 32): Promise<Spread> {
  return { start: await startOf(lab, service), connections: await fromEach(lab, service, clients) };
}

/** Removes the server that leaves, looks, and adds it again. */
async function spreadWithout(lab: Lab, service: ServiceSpec, clients?: number): Promise<Spread> {
  const name = leaving(service);
  const server = `${entryOf(service)} ${destinationOf(lab.spec, service, name)}`;
  const { weight = 1 } = service.realServers.find((one) => one.name === name) ?? {};
  await director(lab).exec(`ipvsadm -d ${server}`);
  try {
    return await spreadOf(lab, service, clients);
  } finally {
    await director(lab).exec(`ipvsadm -a ${server} -g -w ${weight}`);
  }
}

async function spreadQuiesced(lab: Lab, service: ServiceSpec): Promise<Spread> {
  const name = leaving(service);
  const { weight = 1 } = service.realServers.find((one) => one.name === name) ?? {};
  await weigh(lab, service, name, 0);
  try {
    return await spreadOf(lab, service);
  } finally {
    await weigh(lab, service, name, weight);
  }
}

const judgeSpread = ({ start, connections }: Spread, service: ServiceSpec, choose: Choose, spec: LabSpec) =>
  eachWhere(connections, choose, { spec, service, start });

/** As `judgeSpread`, with the server that leaves at weight 0; mh still counts its last weight. */
function judgeQuiesced({ start, connections }: Spread, service: ServiceSpec, choose: Choose, spec: LabSpec) {
  const servers = meantServers(service, start).map((server) =>
    server.name === leaving(service) ? { ...server, lastWeight: server.weight, weight: 0 } : server,
  );
  return eachWhere(connections, choose, { spec, service, start, servers });
}

/** Of the clients that another server had, and that were answered: how many have a different one afterwards. */
function moved(
  before: Hashed[],
  after: Hashed[],
  name: string,
  spec: LabSpec,
): { of: number; moved: number } {
  const pairs = before
    .map((one, i) => ({ was: one.to, is: after[i]?.to ?? '' }))
    .filter(({ was, is }) => was !== name && !isLost(was, spec) && !isLost(is, spec));
  return { of: pairs.length, moved: pairs.filter(({ was, is }) => was !== is).length };
}

interface Shrinking {
  before: Spread;
  without: Spread;
}

/** In the lab as written no real server is taken out. */
type Placed = Pick<Shrinking, 'before'> & Partial<Shrinking>;

export const sourceHashingShuffles = functional<Shrinking>({
  id: 'SCH-13',
  suite: 'scheduler',
  level: 'should',
  title: 'sh is not consistent: without one server half of the other clients move',
  requirement:
    'The table is redistributed when a server leaves: of three equal servers without the second, 86 of the 171 surviving buckets change hands.',
  source: 'Linux ip_vs_sh.c, ip_vs_sh_reassign()',
  needs,
  stage: schedulers,
  mutants: [mistaken('shShrinking', 'mh')],
  async observe({ lab }) {
    const service = triedService(lab.spec, 'shShrinking');
    return { before: await spreadOf(lab, service), without: await spreadWithout(lab, service) };
  },
  judge({ before, without }, { spec }) {
    const service = triedService(spec, 'shShrinking');
    const { moved: n, of } = moved(before.connections, without.connections, leaving(service), spec);
    const expected = 'more than a quarter of the clients of the others move';
    const seen = `${n} of ${of} moved`;
    return worst(
      judgeSpread(before, service, sourceHash(), spec),
      judgeSpread(without, service, sourceHash(), spec),
      of === 0
        ? inconclusive(expected, seen)
        : 4 * n > of
          ? pass(expected, seen)
          : fail(expected, seen, {
              cause: 'the scheduler is consistent, which sh is not',
              remedy: on(directorOf(spec), `ipvsadm -E ${entryOf(service)} -s sh`),
            }),
    );
  },
});

export const maglevHashing = functional<Placed>({
  id: 'SCH-14',
  suite: 'scheduler',
  level: 'must',
  title: 'mh puts every client address where the table of Maglev says',
  requirement:
    'A connection goes to the slot of its source address, of 4093 that are filled by Maglev’s permutations, weight by weight; and again when a server has left.',
  source: 'Linux ip_vs_mh.c, hsiphash (64-bit); Maglev (NSDI 2016) §3.4; ipvsadm(8)',
  needs,
  stage: schedulers,
  own: ownBench('mh'),
  mutants: [
    mistaken('mh', 'sh'),
    {
      id: 'weight',
      breaks: 'the weight of one real server mistyped',
      change: firstWeighs('mh', 3),
      reason: /went elsewhere.*gives \S+ the weight \d+, not \d+/,
    },
  ],
  async observe({ lab }) {
    const service = triedService(lab.spec, 'mh');
    const before = await spreadOf(lab, service, 64);
    if (lab.spec.stage === undefined) return { before };
    return { before, without: await spreadWithout(lab, service, 64) };
  },
  judge({ before, without }, { spec }) {
    const service = triedService(spec, 'mh');
    const choose = maglev(service.port);
    const spreads = [before, ...(without ? [without] : [])];
    return worst(...spreads.map((one) => judgeSpread(one, service, choose, spec)));
  },
});

interface Leaving extends Shrinking {
  quiesced: Spread;
}

export const maglevMovesFew = functional<Leaving>({
  id: 'SCH-15',
  suite: 'scheduler',
  level: 'should',
  title: 'mh moves hardly any client when a server leaves, and none when it is quiesced',
  requirement:
    'Weight 0 moves no client of another server, since the table goes by the last weight. Removing one of three equal servers moves about 0.3 % of the surviving slots.',
  source: 'Linux ip_vs_mh.c (last_weight); Maglev (NSDI 2016) §5.3',
  needs,
  stage: schedulers,
  mutants: [mistaken('mhShrinking', 'sh')],
  async observe({ lab }) {
    const service = triedService(lab.spec, 'mhShrinking');
    const before = await spreadOf(lab, service);
    const quiesced = await spreadQuiesced(lab, service);
    return { before, quiesced, without: await spreadWithout(lab, service) };
  },
  judge({ before, quiesced, without }, { spec }) {
    const service = triedService(spec, 'mhShrinking');
    const choose = maglev(service.port);
    const name = leaving(service);
    const byWeight = moved(before.connections, quiesced.connections, name, spec);
    const byLeaving = moved(before.connections, without.connections, name, spec);
    const expected = `no client of another server moves while ${name} has weight 0, and at most 5 % when it is gone`;
    const seen = `${byWeight.moved} and ${byLeaving.moved} of ${byWeight.of} moved`;
    const why = {
      cause: 'the table is not one of mh',
      remedy: on(directorOf(spec), `ipvsadm -E ${entryOf(service)} -s mh`),
    };
    return worst(
      judgeSpread(before, service, choose, spec),
      judgeQuiesced(quiesced, service, choose, spec),
      judgeSpread(without, service, choose, spec),
      byWeight.of === 0 || byLeaving.of === 0
        ? inconclusive(expected, seen)
        : byWeight.moved === 0 && byLeaving.moved <= byLeaving.of / 20
          ? pass(expected, seen)
          : fail(expected, seen, why),
    );
  },
});

/** What the lab has of both. */
interface Flagged {
  port?: Spread;
  fallback?: Spread;
}

const [withPort, withFallback] = [ownBench('mhPort'), ownBench('mhFallback')];

export const maglevFlags = functional<Flagged>({
  id: 'SCH-16',
  suite: 'scheduler',
  level: 'should',
  title: 'mh-port spreads one client by its ports, mh-fallback serves the clients of a quiesced server',
  requirement:
    'mh-port adds the source port to the hashed address. mh-fallback looks for another slot where the server is not available, and moves nobody else.',
  source: 'Linux ip_vs_mh.c (IP_VS_SVC_F_SCHED_MH_PORT, _FALLBACK); ipvsadm(8) --sched-flags',
  needs,
  stage: schedulers,
  own: {
    ...withPort,
    subject: `${withPort.subject}, or ${withFallback.subject}`,
    has: (spec) => withPort.has(spec) || withFallback.has(spec),
    vantages: { clients: true },
  },
  mutants: [
    { ...withoutFlags('mhPort', 'mh', 'mh-port'), id: 'no-port' },
    { ...withoutFlags('mhFallback', 'mh', 'mh-fallback'), id: 'no-fallback' },
  ],
  async observe({ lab }) {
    const byPort = async () => {
      const service = triedService(lab.spec, 'mhPort');
      return { start: await startOf(lab, service), connections: await fromPorts(lab, service, 24) };
    };
    if (lab.spec.stage === undefined)
      return {
        ...(withPort.has(lab.spec) && { port: await byPort() }),
        ...(withFallback.has(lab.spec) && {
          fallback: await spreadOf(lab, triedService(lab.spec, 'mhFallback')),
        }),
      };
    return {
      port: await byPort(),
      fallback: await spreadQuiesced(lab, triedService(lab.spec, 'mhFallback')),
    };
  },
  judge({ port, fallback }, { spec }) {
    const of = (bench: TriedService) => triedService(spec, bench);
    const judgeFallback = spec.stage === undefined ? judgeSpread : judgeQuiesced;
    const ofPort = (seen: Spread) =>
      judgeSpread(seen, of('mhPort'), maglev(of('mhPort').port, { port: true }), spec);
    const ofFallback = (seen: Spread) =>
      judgeFallback(seen, of('mhFallback'), maglev(of('mhFallback').port, { fallback: true }), spec);
    return worst(...(port ? [ofPort(port)] : []), ...(fallback ? [ofFallback(fallback)] : []));
  },
});
