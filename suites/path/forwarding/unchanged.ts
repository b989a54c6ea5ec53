import { check } from '../../../src/model/check.ts';
import type { LabSpec } from '../../../src/model/spec.ts';
import { internetChecksum } from '../../../src/probe/checksum.ts';
import { onSecondVip } from '../../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import type { Why } from '../../common/looking/look.ts';
import { inTable } from '../../common/looking/why.ts';
import { withVip } from '../../common/methods.ts';
import { onDirectors } from '../../common/mutate.ts';
import { filtersOn, on, toTellApart } from '../../common/remedy.ts';
import { list, serviceOf } from '../../common/subjects.ts';
import { everywhere } from '../../common/vantages.ts';
import { differences } from './fields.ts';
import { type Passage, type Passages, passages } from './passages.ts';
import { nat } from './rewrite.ts';

/** By the director's own table and entries, as far as these were read. */
function whyLost(spec: LabSpec, { director, lost }: Passages, whats: string[]): Why {
  const service = serviceOf(spec, 'tcp');
  const servers =
    lost?.scheduled.filter(({ what }) => whats.includes(what)).map(({ server }) => server) ?? [];
  const tables = [...new Set(servers)].flatMap(
    (name) => (lost && inTable(spec, service, lost.look, name)) ?? [],
  );
  if (tables.length > 0)
    return {
      cause: list(tables.map(({ cause }) => cause)),
      remedy: tables.flatMap(({ remedy }) => remedy),
    };
  const look = (direction: 'ingress' | 'egress') =>
    on(director, 'iptables -vnL', 'nft list ruleset', filtersOn(spec, direction));
  if (servers.length === whats.length)
    return {
      cause: `${director} scheduled it to ${list(servers)}, and it did not leave: a filter on the way out drops it`,
      remedy: look('egress'),
    };
  return {
    cause: lost?.look.director?.rule
      ? `${director} has no entry for it: a filter on the way in drops it, or IPVS has no real server for it`
      : `a filter on ${director} drops it, or another forwarding method wraps or rewrites it`,
    remedy: toTellApart([...on(director, 'ipvsadm -Ln'), ...look('ingress')]),
  };
}

/** Each packet that went in and came out, as bytes; or why that cannot be said. */
function pairs({ passages }: Passages): { pairs: (Passage & { a: Buffer; b: Buffer })[]; lost: string[] } {
  const complete = passages.flatMap((one) => {
    const [out] = one.out;
    if (one.in === undefined || out === undefined) return [];
    return [{ ...one, a: Buffer.from(one.in, 'hex'), b: Buffer.from(out, 'hex') }];
  });
  return { pairs: complete, lost: passages.filter((one) => one.out.length === 0).map((one) => one.what) };
}

const checksumOf = (ip: Buffer): string =>
  ip.subarray(headerBytes(ip) + 16, headerBytes(ip) + 18).toString('hex');
const headerBytes = (ip: Buffer): number => ((ip[0] ?? 0) & 0x0f) * 4;

/** RFC 9293 §3.1: over the segment and a pseudo header. */
function isValid(ip: Buffer): boolean {
  const segment = ip.subarray(headerBytes(ip));
  const pseudo = [...ip.subarray(12, 20), 0, 6, segment.length >> 8, segment.length & 255];
  return internetChecksum(Uint8Array.from([...pseudo, ...segment])) === 0;
}

/** Linux ip_vs_dr_xmit() never calls the checksum functions of a protocol. */
export const checksumUntouched = check<Passages>({
  id: 'PP-04',
  suite: 'path',
  level: 'must',
  title: 'the director leaves TCP checksums alone',
  requirement:
    'The TCP checksum leaves the director as it came in, with TUN inside of another header; a wrong one stays wrong, so that the real server sees it.',
  source: 'Linux ip_vs_dr_xmit(); LVS-HOWTO, LVS-DR',
  needs: ['capture', 'inject', 'director'],
  forwards: withVip,
  vantages: everywhere('tcp'),
  follows: ['framesToDirector'],
  mutants: [nat(/checksum.* became/), onSecondVip(nat(/checksum.* became/))],
  observe: ({ lab, evidence }) => passages(lab, evidence),
  judge(seen, { spec }) {
    const expected = `${seen.passages.length} crafted SYNs keep their TCP checksums`;
    const { pairs: both, lost } = pairs(seen);
    if (both.some((one) => isValid(one.a) !== one.valid))
      return inconclusive(expected, 'the checksums were not as crafted when they reached the director');
    const changed = both.filter((one) => checksumOf(one.a) !== checksumOf(one.b));
    if (changed.length === 0 && both.length < seen.passages.length)
      return inconclusive(expected, `not seen on both sides of ${seen.director}: ${list(lost)}`);
    if (changed.length === 0)
      return pass(expected, `${both.length} of ${both.length} did, one of them wrong on purpose`);
    return fail(
      expected,
      changed
        .map((one) => `with ${one.what} the checksum ${checksumOf(one.a)} became ${checksumOf(one.b)}`)
        .join('; '),
      {
        cause: `${seen.director} changes what TCP checksums cover: NAT instead of DR, or a mangling rule`,
        remedy: on(seen.director, 'ipvsadm -Ln', filtersOn(spec, 'egress'), 'iptables -t mangle -S'),
      },
    );
  },
});

/** Linux ip_vs_dr_xmit(): apart from the TTL the packet is the one that came in. */
export const optionsUntouched = check<Passages>({
  id: 'PP-24',
  suite: 'path',
  level: 'should',
  title: 'DSCP, ECN, IP options and TCP options pass the director unchanged',
  requirement:
    'But for TTL and header checksum every byte of a packet, from the IP header on, leaves the director as it came in; with TUN inside of another header.',
  source: 'Linux ip_vs_dr_xmit(); RFC 3168 §5, RFC 2474 §3',
  needs: ['capture', 'inject', 'director'],
  forwards: withVip,
  vantages: everywhere('tcp'),
  follows: ['framesToDirector'],
  mutants: [
    {
      id: 'dscp-cleared',
      breaks: 'a rule on the director clears DSCP and ECN',
      change: onDirectors(
        (spec) =>
          `tc qdisc add dev eth0 clsact
           tc filter add dev eth0 egress protocol ip u32 match ip dst ${serviceOf(spec, 'tcp').vip}/32 action pedit ex munge ip tos set 0 pipe csum ip`,
      ),
      reason: /d1 changes DSCP and ECN/,
    },
    {
      id: 'mss-clamped',
      breaks: 'a rule on the director clamps the MSS',
      change: onDirectors(
        () =>
          'iptables-legacy -t mangle -A POSTROUTING -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1000',
      ),
      reason: /TCP options/,
    },
  ],
  observe: ({ lab, evidence }) => passages(lab, evidence),
  judge(seen, { spec }) {
    const expected = `${seen.passages.length} crafted SYNs leave ${seen.director} as they came in, but for the TTL`;
    const { pairs: both, lost } = pairs(seen);
    if (lost.length > 0 && both.length > 0 && seen.passages.every((one) => one.in !== undefined))
      return fail(
        expected,
        `${seen.director} did not forward the SYN with ${list(lost)} as it came in`,
        whyLost(spec, seen, lost),
      );
    if (both.length < seen.passages.length)
      return inconclusive(expected, `not seen on both sides of ${seen.director}: ${list(lost)}`);
    const changed = both.flatMap((one) => {
      const fields = differences(one.a, one.b);
      return fields.length > 0 ? [{ what: one.what, fields }] : [];
    });
    if (changed.length === 0) return pass(expected, `${both.length} of ${both.length} did`);
    return fail(
      expected,
      changed.map(({ what, fields }) => `the SYN with ${what} changed in ${list(fields)}`).join('; '),
      {
        cause: `a rule on ${seen.director} changes ${list(changed.flatMap((one) => one.fields))}`,
        remedy: on(seen.director, filtersOn(spec, 'egress'), 'iptables -t mangle -S'),
      },
    );
  },
});
