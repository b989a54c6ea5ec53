import { parseIpv4 } from '../../src/util/ipv4.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import type { Tap } from './cables.ts';

/**
 * What a fabric does not take from a host, as lines for `tc -batch` on the switch. It is dropped as it comes in, so that a
 * capture does not see what nobody gets. Pure.
 */
export const fabricLines = (tap: Tap): string => {
  const { multicast, portSecurity } = tap.segment;
  if (multicast !== false && !portSecurity) return '';
  const filters = [...(multicast === false ? noMulticast : []), ...(portSecurity ? onlyItsOwn(tap) : [])].map(
    (filter) => `filter add dev ${tap.port} ingress ${filter}\n`,
  );
  return `qdisc add dev ${tap.port} clsact\n${filters.join('')}`;
};

/** The neighbours of a host are found by ARP and by ICMPv6, which such fabrics answer or carry. */
const noMulticast = [
  'protocol ip prio 1 u32 match u16 0x0100 0xffff at -14 match u8 0x5e 0xff at -12 action drop',
  'protocol ipv6 prio 2 u32 match u16 0x3333 0xffff at -14 match u8 58 0xff at 6 action ok',
  'protocol ipv6 prio 3 u32 match u16 0x3333 0xffff at -14 action drop',
];

/** Each interface may send from its own MAC address and its own addresses, and ask whether somebody has one. */
function onlyItsOwn({ from, sharesPort }: Tap): string[] {
  const passes = from.flatMap(({ mac, addresses, allowed = [] }) => {
    const all = [...addresses.map((one) => one.replace(/\/.*/, '')), ...allowed].map(withLength);
    const four = all.filter((one) => !isIpv6(one));
    const six = [...all.filter(isIpv6), 'fe80::/10', '::/128'];
    return [
      ...four.map((ip) => `protocol ip prio 11 u32 match ether src ${mac} match ip src ${ip} action ok`),
      ...[...four, '0.0.0.0/32'].map(
        (ip) => `protocol arp prio 12 u32 match ether src ${mac} ${matchSender(ip)} action ok`,
      ),
      ...six.map((ip) => `protocol ipv6 prio 13 u32 match ether src ${mac} match ip6 src ${ip} action ok`),
    ];
  });
  const tagged = sharesPort ? ['protocol 802.1Q prio 14 u32 match u32 0 0 action ok'] : [];
  return [...passes, ...tagged, 'protocol all prio 19 u32 match u32 0 0 action drop'];
}

const withLength = (address: string): string =>
  address.includes('/') ? address : `${address}/${isIpv6(address) ? 128 : 32}`;

/** The sender of an ARP frame for IPv4 (RFC 826). */
function matchSender(network: string): string {
  const [ip = '', length] = network.split('/');
  const value = parseIpv4(ip) ?? 0;
  const mask = Number(length) === 0 ? 0 : (0xffffffff << (32 - Number(length))) >>> 0;
  const half = (word: number, at: number): string => {
    const [wanted, of] = [value, mask].map((one) => ((one >>> word) & 0xffff).toString(16));
    return `match u16 0x${wanted} 0x${of} at ${at}`;
  };
  return `${half(16, 14)} ${half(0, 16)}`;
}
