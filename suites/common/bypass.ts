import type { Judgement } from '../../src/model/check.ts';
import { eachOnce, type RemedyStep } from '../../src/model/remedy.ts';
import { hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { whyPinned } from './pinned.ts';
import { advice, hostsWithMacs, on } from './remedy.ts';
import { hostOfMac, list, macsOf, nameOfMac } from './subjects.ts';

/** Who stood in for the VIPs after a check. */
export interface After {
  /** The client, or the router of a client behind one. */
  requester: string;
  /** Why nobody could be asked. */
  notAsked?: string;
  vips: {
    vip: string;
    /** Directors that have it. */
    holders: string[];
    /** MACs that answered an ARP request, or a neighbour solicitation, for it. */
    repliers: string[];
    /** MAC of the requester's entry for it, as traffic left it. */
    neighbour: string | null;
    /** That entry was written there: no ARP made it. */
    permanent?: true;
  }[];
  /** What each director had counted before the check and after it. */
  packets: { director: string; before: number | null; after: number | null }[];
}

interface Finding {
  seen: string;
  cause: string;
  remedy: RemedyStep[];
}

interface Findings {
  /** A real server answers for the VIP, or is believed to be it. */
  arp: Finding[];
  counters: Finding[];
  /** What could not be seen although it should be there. */
  missing: string[];
  /** What this lab cannot show. */
  notShown: string[];
}

/** The judgement of a check together with its co-assertions. Pure. */
export function judged(inner: Judgement, after: After, spec: LabSpec): Judgement {
  const found = findingsOf(after, spec);
  // Standing counters tell of a bypass only where something got through: a director without the service counts nothing either.
  const [first] = [...found.arp, ...(inner.verdict === 'pass' ? found.counters : [])];
  if (first === undefined) {
    if (inner.verdict !== 'pass') return withSeen(inner, found.counters);
    if (found.missing.length > 0)
      return { ...inner, verdict: 'inconclusive', seen: `${inner.seen}; ${found.missing.join('; ')}` };
    return { ...inner, seen: [inner.seen, ...found.notShown].join('; ') };
  }
  const both = [...new Set([...found.arp, ...found.counters].map((one) => one.seen))].join('; ');
  if (inner.verdict === 'fail')
    return inner.cause?.includes(first.cause)
      ? inner
      : {
          ...inner,
          cause: `${inner.cause}; in addition, ${first.cause}`,
          remedy: eachOnce([...(inner.remedy ?? []), ...first.remedy]),
        };
  return {
    ...inner,
    verdict: 'fail',
    expected: `${inner.expected}; by way of the director, which alone answers for the VIP`,
    seen: `${inner.seen}; but ${both}`,
    cause: first.cause,
    remedy: first.remedy,
  };
}

const withSeen = (inner: Judgement, findings: Finding[]): Judgement => ({
  ...inner,
  seen: [inner.seen, ...findings.map(({ seen }) => seen)].join('; '),
});

function findingsOf(after: After, spec: LabSpec): Findings {
  const found: Findings = { arp: [], counters: [], missing: [], notShown: [] };
  for (const one of after.vips) ofVip(one, after, spec, found);
  if (after.notAsked !== undefined)
    found.notShown.push(`not seen: who answers for the VIP (${after.notAsked})`);
  else if (after.vips.length > 0 && after.vips.every(({ neighbour }) => neighbour === null))
    found.missing.push(
      `${after.requester} has no neighbour entry for ${list(after.vips.map(({ vip }) => vip))}`,
    );
  ofCounters(after, found);
  return found;
}

function ofVip(
  { vip, holders, repliers, neighbour, permanent }: After['vips'][number],
  { requester, notAsked }: After,
  spec: LabSpec,
  found: Findings,
): void {
  if (notAsked !== undefined) return;
  if (holders.length === 0) {
    found.missing.push(`no director has ${vip}`);
    return;
  }
  const rightful = macsOf(hostsOf(spec, 'director').filter(({ name }) => holders.includes(name)));
  const wrong = repliers.filter((mac) => !rightful.has(mac));
  if (neighbour !== null && !rightful.has(neighbour))
    found.arp.push({
      seen: `${requester} has ${vip} at the MAC of ${nameOfMac(spec, neighbour)}`,
      ...(permanent
        ? whyPinned(spec, { requester, vip, mac: neighbour })
        : {
            cause: `the director was bypassed: ${requester} sends packets for ${vip} to ${nameOf(spec, neighbour)}, which answers or announces it`,
            remedy: remedyOf(spec, [neighbour], requester, vip),
          }),
    });
  if (wrong.length > 0) {
    const who = list(wrong.map((mac) => nameOf(spec, mac)));
    found.arp.push({
      seen: `${list(repliers.map((mac) => nameOfMac(spec, mac)))} answered ${questions(vip)} for ${vip}`,
      cause: `the director was bypassed, or will be: ${who} answers ${questions(vip)} for ${vip} beside ${list(holders)}`,
      remedy: remedyOf(spec, wrong, requester, vip),
    });
  } else if (repliers.length > 1)
    found.arp.push({
      seen: `${list(holders)} both answered ${questions(vip)} for ${vip}`,
      cause: `more than one director answers for ${vip}: split brain`,
      remedy: advice('see ARP-12 and the log of VRRP'),
    });
  else if (repliers.length === 0) found.missing.push(`nobody answered ${questions(vip)} for ${vip}`);
}

function ofCounters({ packets, requester }: After, found: Findings): void {
  const known = packets.flatMap(({ before, after }) =>
    before === null || after === null ? [] : [{ before, after }],
  );
  if (known.length === 0) {
    found.notShown.push('not seen: what the director counts, since nothing there counts');
    return;
  }
  // Less than before: they were set to zero in between, and then moved or did not.
  if (known.some(({ before, after }) => after > before || (after < before && after > 0))) return;
  const names = list(packets.map(({ director }) => director));
  found.counters.push({
    seen: `the counters of ${names} stood still`,
    cause: `the director was bypassed: ${names} counted no packet for any virtual service meanwhile`,
    remedy: [
      ...on(requester, 'ip neigh show'),
      ...advice(`only ${names} may answer for the VIP (ARP-01, ARP-02)`),
    ],
  });
}

const nameOf = (spec: LabSpec, mac: string): string =>
  hostOfMac(spec, mac)?.name ?? `an unknown host (${mac})`;

const questions = (vip: string): string => (isIpv6(vip) ? 'neighbour solicitations' : 'ARP');

/** Only a real server may have the VIP, and is to be silent about it. */
function remedyOf(spec: LabSpec, macs: string[], requester: string, vip: string): RemedyStep[] {
  const hosts = hostsWithMacs(spec, macs);
  const who = list(macs.map((mac) => nameOf(spec, mac)));
  const six = isIpv6(vip) ? ' -6' : '';
  const look = on(hosts, `ip${six} addr show to ${vip}`, `ip${six} neigh show proxy`);
  const forget = on(requester, `ip${six} neigh flush to ${vip}`);
  if (macs.some((mac) => hostOfMac(spec, mac)?.role !== 'realServer'))
    return [...look, ...advice(`${vip} and a proxy for it do not belong on ${who}`), ...forget];
  return six
    ? [...look, ...advice('the VIP belongs on lo, and no neighbour proxy names it'), ...forget]
    : [...on(hosts, 'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2'), ...forget];
}
