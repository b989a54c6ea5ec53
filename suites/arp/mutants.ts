import type { Mutant } from '../../src/model/check.ts';
import { hostsOf, type LabSpec } from '../../src/model/spec.ts';
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

/** Sysctls of the first real server only. */
export const firstServerSysctls =
  (values: Record<string, string>) =>
  (spec: LabSpec): LabSpec => {
    const changed = structuredClone(spec);
    const first = hostsOf(changed, 'realServer')[0];
    if (first) Object.assign(first.sysctls, values);
    return changed;
  };
