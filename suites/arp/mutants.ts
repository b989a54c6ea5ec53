import type { Mutant } from '../../src/model/check.ts';
import { hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { parseIpv4 } from '../../src/util/ipv4.ts';
import { routerIn } from '../common/elsewhere.ts';
import { firstServer, onFirstServer, sysctls } from '../common/mutate.ts';

/** Settings of real servers that are known to be wrong. */

/** Each lets a real server answer ARP for the VIP. */
export const answeringMutants: Mutant[] = [
  {
    id: 'arp-ignore-off',
    breaks: 'arp_ignore left at 0 on the real servers',
    change: sysctls('realServer', { 'net.ipv4.conf.all.arp_ignore': '0' }),
    reason: /arp_ignore is 0/,
  },
  {
    id: 'arp-ignore-on-lo-only',
    breaks: 'arp_ignore set on lo, which the kernel never consults',
    change: sysctls('realServer', {
      'net.ipv4.conf.all.arp_ignore': '0',
      'net.ipv4.conf.lo.arp_ignore': '1',
    }),
    reason: /arp_ignore is 0/,
  },
  {
    id: 'arp-ignore-3',
    breaks: 'arp_ignore=3, which silences addresses of scope host only, and the VIP has scope global',
    change: sysctls('realServer', { 'net.ipv4.conf.all.arp_ignore': '3' }),
    reason: /arp_ignore is 3 .*scope global/,
  },
  {
    id: 'arp-filter',
    breaks: 'arp_filter=1 instead of arp_ignore=1',
    change: sysctls('realServer', {
      'net.ipv4.conf.all.arp_ignore': '0',
      'net.ipv4.conf.all.arp_filter': '1',
    }),
    reason: /arp_ignore is 0/,
  },
  {
    id: 'silent-dummy',
    breaks: 'the VIP of one real server on a dummy interface without ARP, instead of arp_ignore=1',
    change: (spec) =>
      onFirstServer(() => 'ip link set dummy0 arp off')(
        firstServerSysctls({ 'net.ipv4.conf.all.arp_ignore': '0' })(
          firstServer({ vipDevice: 'dummy0' })(spec),
        ),
      ),
    reason: /rs1: effective arp_ignore is 0/,
  },
  {
    id: 'vip-on-eth0',
    breaks: 'the VIP of one real server on eth0 instead of lo',
    change: firstServer({ vipDevice: 'eth0' }),
    reason: /has the VIP on eth0/,
  },
];

/** Each makes a real server name the VIP as sender when it resolves its way back to the client. */
export const announceMutants = (reason: RegExp): Mutant[] => [
  {
    id: 'arp-announce-0',
    breaks: 'arp_announce left at 0 on the real servers',
    change: sysctls('realServer', { 'net.ipv4.conf.all.arp_announce': '0' }),
    reason,
  },
  {
    id: 'arp-announce-1',
    breaks: 'arp_announce=1, which is not enough when the VIP lies in the subnet of the RIP',
    change: sysctls('realServer', { 'net.ipv4.conf.all.arp_announce': '1' }),
    reason,
  },
  {
    id: 'arp-announce-on-lo-only',
    breaks: 'arp_announce set on lo, which the kernel never consults',
    change: sysctls('realServer', {
      'net.ipv4.conf.all.arp_announce': '0',
      'net.ipv4.conf.lo.arp_announce': '2',
    }),
    reason,
  },
];

/** A rule for a director: requests from one address are lost. The sender's address is at 14 in an ARP packet. */
export const dropArpOf = (ip: string): string => {
  const address = (parseIpv4(ip) ?? 0) >>> 0;
  return `tc qdisc add dev eth0 clsact
    tc filter add dev eth0 ingress protocol arp u32 match u16 ${address >>> 16} 0xffff at 14 match u16 ${address & 0xffff} 0xffff at 16 action drop`;
};

/** For one real server: it knows all but the router for good, so that it asks for nobody else. */
export const announcedToRouter = (spec: LabSpec): string => {
  const { name: router } = routerIn(spec);
  const known = spec.hosts.filter(({ name, segment }) => segment === 'lan' && name !== router);
  return [
    'sysctl -qw net.ipv4.conf.all.arp_announce=0',
    ...known.map(({ ip, mac }) => `ip neigh replace ${ip} lladdr ${mac} dev eth0 nud permanent || :`),
  ].join('\n');
};

/** Sysctls of the first real server only. */
export const firstServerSysctls =
  (values: Record<string, string>) =>
  (spec: LabSpec): LabSpec => {
    const changed = structuredClone(spec);
    const first = hostsOf(changed, 'realServer')[0];
    if (first) Object.assign(first.sysctls, values);
    return changed;
  };
