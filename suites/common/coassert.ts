import type { Check, Observing } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { Precondition } from '../../src/model/preconditions.ts';
import { presumedBy } from '../../src/model/presumptions.ts';
import { deviceOf, type HostSpec, hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { ask } from '../../src/probe/asking.ts';
import { directorState } from '../../src/probe/forwarding.ts';
import { holdersOf, neighbour } from '../../src/probe/neighbour.ts';
import { whoHas6 } from '../../src/probe/solicit.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { type After, judged } from './bypass.ts';
import { isPermanent } from './pinned.ts';
import { hostOnSegment6, longestRoundTripMs, observerOf } from './subjects.ts';

/** What a functional check observes: its own part, and who stood in for the VIP when it was done. */
export interface Functional {
  inner: unknown;
  after: After;
}

export interface FunctionalOptions {
  /** The VIPs that the check sends to, all of one family; default: all VIPs of the lab. */
  vips?: (spec: LabSpec) => string[];
}

/**
 * A check that succeeds although the director was bypassed proves nothing about direct routing:
 * with real servers that answer ARP for the VIP every connection succeeds, bypassing the director. So a check that sends
 * requests to a VIP is wrapped in three co-assertions, made when its traffic is over:
 *
 * 1. one MAC answers an ARP request (a neighbour solicitation) for each VIP, and it is that of the director that
 *    holds it;
 * 2. the neighbour entry for the VIP is that MAC, on the client or, where the client is behind one, on its router;
 * 3. the director's counters moved while the check ran: packets in `/proc/net/ip_vs_stats_percpu` for IPVS, the
 *    rules' counters for nftables.
 *
 * They cost two round trips, some 0.15 s; with IPv6 a capture, too. A pass with a failed co-assertion becomes a failure with its own cause;
 * so does «inconclusive» where 1 or 2 failed, since a bypass explains it. A failure stays, and its cause names the
 * bypass as well. What the lab cannot show (no capability to send frames, no counters) is left out and `seen` says so;
 * an entry that should be there and is not, or a question that nobody answers, is inconclusive.
 *
 * It is written in place of `check(…)`, or around one that exists.
 *
 * Not for checks that break ARP on purpose, take hosts down, or send nothing from a client through the director:
 * FW-06 to FW-08 knock at real servers past it; FW-10 hears VRRP; the packets of CT-09, DOS-01 to DOS-03 and SCL-02 come
 * from addresses that nobody has; the services of SCH-G3 have nobody to go to.
 */
export function functional<Observation>(check: Check<Observation>, options: FunctionalOptions = {}): Check {
  const vipsIn = options.vips ?? vipsOf;
  const wrapped: Check<Functional> = {
    ...check,
    // What the co-assertions would say of it.
    presumes: [...new Set<Precondition>(['vipAtDirector', 'framesToDirector', ...presumedBy(check)])],
    async observe(on) {
      const before = await packets(on);
      const inner = await check.observe(on);
      return { inner, after: await standIns(on, vipsIn(on.lab.spec), before) };
    },
    judge: ({ inner, after }, facts) => judged(check.judge(inner as Observation, facts), after, facts.spec),
  };
  return wrapped as unknown as Check;
}

/** Packets of every director so far, in the order of the lab; null where nothing counts them. */
const packets = async ({ lab }: Observing): Promise<(number | null)[]> =>
  (await statesOf(lab)).map(({ forwarded }) => forwarded ?? null);

const statesOf = (lab: Observing['lab']) =>
  Promise.all(
    hostsOf(lab.spec, 'director').map(({ name }) => directorState(lab.host(name), lab.spec.director.kind)),
  );

async function standIns({ lab }: Observing, all: string[], before: (number | null)[]): Promise<After> {
  const { spec } = lab;
  const six = isIpv6(all[0] ?? '');
  const vips = all.filter((vip) => isIpv6(vip) === six);
  const requester = six ? hostOnSegment6(spec) : observerOf(spec);
  const cannotAsk = lab.lacks('inject') ?? (six ? lab.lacks('capture') : undefined);
  const directors = hostsOf(spec, 'director').map(({ name }) => name);
  const believing = cannotAsk === undefined ? (six ? believed6 : believed4)(lab, requester, vips) : [];
  const [states, believed] = await Promise.all([statesOf(lab), believing]);
  const holders = six
    ? await Promise.all(vips.map((vip) => holdersOf(lab, vip)))
    : vips.map((vip) => directors.filter((_, i) => states[i]?.addresses.includes(vip)));
  return {
    requester: requester.name,
    ...(cannotAsk !== undefined && { notAsked: cannotAsk }),
    vips: vips.map((vip, i) => ({
      vip,
      holders: holders[i] ?? [],
      ...(believed[i] ?? { repliers: [], neighbour: null }),
    })),
    packets: directors.map((name, i) => ({
      director: name,
      before: before[i] ?? null,
      after: states[i]?.forwarded ?? null,
    })),
  };
}

/** Who answers for a VIP, and the requester's own entry as it was before anybody answered. */
type Believed = Pick<After['vips'][number], 'repliers' | 'neighbour' | 'permanent'>;

async function believed4(lab: Lab, requester: HostSpec, vips: string[]): Promise<Believed[]> {
  if (vips.length === 0) return [];
  const from = { device: deviceOf(requester), mac: requester.mac, ip: requester.ip };
  const { neighbours, repliers } = await ask(lab.host(requester.name), from, vips, {
    quietMs: quietMs(lab.spec),
  });
  return vips.map((vip) => {
    const entry = neighbours.find(({ ip }) => ip === vip);
    return {
      repliers: repliers.filter(({ ip }) => ip === vip).map(({ mac }) => mac),
      neighbour: entry?.mac ?? null,
      ...(entry?.permanent && { permanent: true }),
    };
  });
}

async function believed6(lab: Lab, requester: HostSpec, vips: string[]): Promise<Believed[]> {
  const all: Believed[] = [];
  for (const vip of vips) {
    const entry = await neighbour(lab.host(requester.name), vip);
    const { replies } = await whoHas6(lab, requester.name, vip, hostsOf(lab.spec, 'director'));
    all.push({
      repliers: [...new Set(replies.map(({ mac }) => mac))],
      neighbour: entry?.mac ?? null,
      ...(isPermanent(entry?.state ?? '') && { permanent: true }),
    });
  }
  return all;
}

/** Long enough for an answer. */
const quietMs = (spec: LabSpec): number => 50 + longestRoundTripMs(spec);
