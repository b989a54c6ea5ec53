import { check, type Evidence } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { hostsOf, type LabSpec } from '../../../src/model/spec.ts';
import { internetChecksum } from '../../../src/probe/checksum.ts';
import { tcpFrame } from '../../../src/probe/frame.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { readPcap } from '../../../src/probe/pcap.ts';
import { craftedPort } from '../../common/crafted-ports.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { type Look, lookBehind } from '../../common/looking/look.ts';
import { inTable, type Why } from '../../common/looking/why.ts';
import { onDirectors } from '../../common/mutate.ts';
import { list, macsOf, serviceOf } from '../../common/subjects.ts';
import { sendFrom, type Way, wayToVip } from '../crafted.ts';
import { differences, ipBytes } from './fields.ts';
import { nat } from './rewrite.ts';

/** One crafted packet, in hex from the IP header on, before and behind the director. */
interface Passage {
  what: string;
  /** False for the packet whose TCP checksum is wrong on purpose: recomputing it would fix it. */
  valid: boolean;
  in?: string;
  out: string[];
}

interface Passages {
  director: string;
  passages: Passage[];
  /** Where some did not come out: to which real server the director scheduled each packet, and what lies behind it. */
  lost?: { look: Look; scheduled: { what: string; server: string }[] };
}

const firstId = 0x5100;

/** A SYN with each thing that a director must leave alone; unusual values, so that defaults do not look like them. */
function packets(way: Way, dstPort: number): { what: string; valid: boolean; frame: Uint8Array }[] {
  const timestamps = [8, 10, 0, 0, 0x30, 0x39, 0, 0, 0, 0];
  const kinds: { what: string; valid: boolean; more: Partial<Parameters<typeof tcpFrame>[0]> }[] = [
    {
      what: 'MSS, SACK, timestamps and window scale; DSCP AF41 and ECT(0)',
      valid: true,
      more: { tos: 0x8a, tcpOptions: [2, 4, 0x05, 0x78, 4, 2, ...timestamps, 1, 3, 3, 5] },
    },
    {
      what: 'ECN CE and data',
      valid: true,
      more: { tos: 0x03, payload: Uint8Array.from({ length: 32 }, (_, i) => i) },
    },
    // RFC 4727: an option number for experiments, to be copied into fragments.
    { what: 'an IP option', valid: true, more: { ipOptions: [0x9e, 4, 0xca, 0xfe] } },
    { what: 'a wrong TCP checksum', valid: false, more: {} },
  ];
  return kinds.map(({ what, valid, more }, i) => {
    const frame = tcpFrame({
      ...way.ends,
      srcPort: craftedPort.unchanged + i,
      dstPort,
      id: firstId + i,
      seq: 0x12345678,
      windowBytes: 4_321,
      flags: ['syn'],
      ...more,
    });
    if (!valid) frame[14 + 20 + 16] = (frame[14 + 20 + 16] ?? 0) ^ 0x55;
    return { what, valid, frame };
  });
}

async function passages(lab: Lab, evidence: Evidence): Promise<Passages> {
  const way = await wayToVip(lab);
  const { port } = serviceOf(lab.spec, 'tcp');
  const sent = packets(way, port);
  const capture = await lab.capture({ filter: `ip and src host ${way.client.ip}` });
  await sendFrom(
    lab,
    way,
    sent.map(({ frame }) => frame),
  );
  const pcap = await capture.stop();
  await evidence.save('crafted.pcap', pcap);
  const seen = readPcap(pcap).filter(({ frame }) => frame.tcp !== undefined);
  const servers = macsOf(hostsOf(lab.spec, 'realServer'));
  const found: Passages = {
    director: way.director.name,
    passages: sent.map(({ what, valid }, i) => {
      const same = seen.filter(
        ({ frame }) => frame.ip?.id === firstId + i && frame.tcp?.srcPort === craftedPort.unchanged + i,
      );
      const into = same.find(({ frame }) => frame.dst === way.director.mac);
      const out = same.filter(({ frame }) => frame.src === way.director.mac && servers.has(frame.dst));
      return {
        what,
        valid,
        ...(into && { in: ipBytes(into.captured).toString('hex') }),
        out: out.map(({ captured }) => ipBytes(captured).toString('hex')),
      };
    }),
  };
  const stuck = found.passages.some((one) => one.in !== undefined && one.out.length === 0);
  return stuck
    ? {
        ...found,
        lost: await lostIn(
          lab,
          way,
          sent.map(({ what }) => what),
        ),
      }
    : found;
}

async function lostIn(
  lab: Lab,
  { client, director }: Way,
  whats: string[],
): Promise<NonNullable<Passages['lost']>> {
  const entries = lab.lacks('ipvs') ? [] : await ipvs.connections(lab.host(director.name));
  const scheduled = whats.flatMap((what, i) => {
    const entry = entries.find((one) => one.cip === client.ip && one.cport === craftedPort.unchanged + i);
    const server = lab.spec.hosts.find(({ ip }) => ip === entry?.rip)?.name;
    return server === undefined ? [] : [{ what, server }];
  });
  const servers = scheduled.map(({ server }) => server);
  return { scheduled, look: await lookBehind(lab, serviceOf(lab.spec, 'tcp'), servers) };
}

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
      remedy: tables.map(({ remedy }) => remedy).join('; '),
    };
  const look = `iptables -vnL; nft list ruleset; tc -s filter show dev eth0`;
  if (servers.length === whats.length)
    return {
      cause: `${director} scheduled it to ${list(servers)}, and it did not leave: a filter on the way out drops it`,
      remedy: `on ${director}: ${look} egress; iptables -vnL OUTPUT`,
    };
  return {
    cause: lost?.look.director?.rule
      ? `${director} has no entry for it: a filter on the way in drops it, or IPVS has no real server for it`
      : `a filter on ${director} drops it, or another forwarding method wraps or rewrites it`,
    remedy: `on ${director}, to tell them apart: ipvsadm -Ln; ${look} ingress`,
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
    'The TCP checksum leaves the director as it came in; a wrong one stays wrong, so that the real server sees it.',
  source: 'Linux ip_vs_dr_xmit(); LVS-HOWTO, LVS-DR',
  needs: ['capture', 'inject', 'director'],
  mutants: [nat(/checksum.* became/)],
  observe: ({ lab, evidence }) => passages(lab, evidence),
  judge(seen) {
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
        remedy: `on ${seen.director}: ipvsadm -Ln (method Route?); tc filter show dev eth0 egress; iptables -t mangle -S`,
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
    'But for TTL and header checksum every byte of a packet, from the IP header on, leaves the director as it came in.',
  source: 'Linux ip_vs_dr_xmit(); RFC 3168 §5, RFC 2474 §3',
  needs: ['capture', 'inject', 'director'],
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
        remedy: `on ${seen.director}: tc filter show dev eth0 egress; iptables -t mangle -S`,
      },
    );
  },
});
