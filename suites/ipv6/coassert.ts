import { type Check, check, type Judgement } from '../../src/model/check.ts';
import { hostSpec, hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { neighbour } from '../../src/probe/neighbour.ts';
import { whoHas6 } from '../../src/probe/solicit.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { fail, inconclusive } from '../common/judging.ts';
import { count, list, nameOfMac, observerOf } from '../common/subjects.ts';

/** Who stood in for the VIP when a check's traffic was over. */
export interface After6 {
  vip: string;
  director: string;
  /** MACs that advertise the VIP when asked. */
  advertisers: string[];
  /** What the client takes for the MAC of the VIP. */
  neighbour: string | null;
  /** Packets that the director's IPVS counted meanwhile. */
  packets: number;
}

/**
 * A check that succeeds although the director was bypassed proves nothing about direct routing. So the checks that
 * send requests to the IPv6 VIP are wrapped in three co-assertions: one host advertises the VIP, the client has it at
 * that MAC after the traffic, and the director counted packets. A check that failed
 * by itself fails still; where the director was bypassed, that is the cause.
 */
export function throughDirector<Observation>(inner: Check<Observation>): Check {
  return check<{ inner: Observation; after: After6 }>({
    ...inner,
    async observe(on) {
      const { lab } = on;
      const vip = vipsOf(lab.spec)[0] ?? '';
      const director = hostsOf(lab.spec, 'director')[0];
      if (!director) throw new NotInLab(`lab «${lab.spec.name}» has no director`);
      const [host, client] = [lab.host(director.name), observerOf(lab.spec).name];
      const before = await ipvs.counters(host);
      const seen = await inner.observe(on);
      // In this order: a question puts an answer into the client's table.
      const [entry, counted] = await Promise.all([neighbour(lab.host(client), vip), ipvs.counters(host)]);
      const asked = await whoHas6(lab, client, vip, [director]);
      return {
        inner: seen,
        after: {
          vip,
          director: director.name,
          advertisers: [...new Set(asked.replies.map(({ mac }) => mac))].sort(),
          neighbour: entry?.mac ?? null,
          packets: counted.inPackets - before.inPackets,
        },
      };
    },
    judge(observation, facts) {
      const judgement = inner.judge(observation.inner, facts);
      const around = bypass(judgement.expected, observation.after, facts.spec);
      if (judgement.verdict !== 'fail') return around ?? judgement;
      if (around?.verdict !== 'fail') return judgement;
      // A bypass explains a failure better than what it led to.
      return { ...around, seen: `${judgement.seen}; ${around.seen}` };
    },
  });
}

/** What is wrong with the way to the VIP; undefined: nothing. */
export function bypass(expected: string, after: After6, spec: LabSpec): Judgement | undefined {
  const { vip, director, advertisers, packets } = after;
  const { mac } = hostSpec(spec, director);
  const others = advertisers.filter((one) => one !== mac).map((one) => nameOfMac(spec, one));
  if (others.length > 0)
    return fail(expected, `besides ${director}, ${list(others)} answered for ${vip}`, {
      cause: 'what the client sends may go past the director',
      mend: 'see ND-01',
    });
  if (after.neighbour !== null && after.neighbour !== mac)
    return fail(expected, `after the traffic the client has ${vip} at ${nameOfMac(spec, after.neighbour)}`, {
      cause: 'the client talks past the director',
      mend: 'see ND-01 and ND-03',
    });
  if (packets === 0)
    return fail(expected, `${director} counted no packet of the traffic`, {
      cause: 'the client talks past the director, or to the director itself',
      mend: `on ${director}: ipvsadm -Ln --stats`,
    });
  if (after.neighbour === null || advertisers.length === 0)
    return inconclusive(
      expected,
      `${director} counted ${count(packets, 'packet')}, and ${after.neighbour === null ? `the client has no entry for ${vip}` : `nobody answered for ${vip}`}`,
    );
  return undefined;
}
