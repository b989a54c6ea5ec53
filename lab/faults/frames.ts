import { isIpv6 } from '../../src/util/ipv6.ts';

/*
 * Texts for nft, family bridge, on the switch. A table for each fault, so that faults do not know of each other
 * and deleting the table reverts. Of several rules the last counts what was lost.
 */

const set = (words: string[]): string => `{ ${words.map((word) => `"${word}"`).join(', ')} }`;

const table = (name: string, hook: string, rules: string[]): string =>
  `table bridge ${name} {\n chain lost { type filter hook ${hook}; policy accept;\n${rules.map((rule) => `  ${rule}\n`).join('')} }\n}\n`;

/** Before the switch forwards, and after. */
const entering = 'prerouting priority -300';
const leaving = 'postrouting priority 300';

/** The smallest cycle in which the percentage is a whole number of frames: 30 is the first 3 of each 10. */
export function cycleOf(percent: number): { lost: number; of: number } {
  const thousandths = Math.round(percent * 10);
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  const divisor = gcd(thousandths, 1000);
  return { lost: thousandths / divisor, of: 1000 / divisor };
}

/** Counted, not drawn: the same frames get lost each time. The first rule counts what came. */
export function lossTable(
  name: string,
  { ports, direction, percent }: { ports: string[]; direction: 'fromHost' | 'toHost'; percent: number },
): string {
  const [hook, match] =
    direction === 'fromHost' ? [entering, `iifname ${set(ports)}`] : [leaving, `oifname ${set(ports)}`];
  const { lost, of } = cycleOf(percent);
  const some = lost === of ? '' : `numgen inc mod ${of} < ${lost} `;
  return table(name, hook, [`${match} counter`, `${match} ${some}counter drop`]);
}

/** One rule for each way across. */
export const partitionTable = (name: string, [one, other]: [string[], string[]]): string =>
  table(name, 'forward priority 0', [
    `iifname ${set(one)} oifname ${set(other)} counter drop`,
    `iifname ${set(other)} oifname ${set(one)} counter drop`,
  ]);

/** RFC 5227 §3: sender and target are the address itself. RFC 4861 §7.2.6: unsolicited, to all nodes. */
export const announcementsTable = (name: string, ports: string[], vips: string[]): string =>
  table(name, entering, [
    ...vips
      .filter((vip) => !isIpv6(vip))
      .map((vip) => `iifname ${set(ports)} arp saddr ip ${vip} arp daddr ip ${vip} counter drop`),
    ...(vips.some(isIpv6)
      ? [`iifname ${set(ports)} ip6 daddr ff02::1 icmpv6 type nd-neighbor-advert counter drop`]
      : []),
  ]);

interface NftList {
  nftables: { rule?: { expr: { counter?: { packets: number } }[] } }[];
}

/** Frames that each rule counted, in the order of the rules, from `nft -j list table`. */
export const countsIn = (json: string): number[] =>
  (JSON.parse(json) as NftList).nftables.flatMap(({ rule }) =>
    (rule?.expr ?? []).flatMap(({ counter }) => (counter ? [counter.packets] : [])),
  );
