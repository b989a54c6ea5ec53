import { parseIpv4 } from '../../util/ipv4.ts';
import { formatSubnet, type Subnet } from '../../util/subnet.ts';
import type { Addressed } from './addressed.ts';
import type { Problems } from './problems.ts';

/** The IPv6 addresses of a lab without segments. */

/** `198.18.0.7` has `fd64:726c:6162:0:198:18:0:7` beside it: its numbers can be read in a capture. */
export function besideIn({ base }: Subnet, ip: string): string {
  const readable = ip.split('.').reduce((sum, digits) => (sum << 16n) | BigInt(`0x${digits}`), 0n);
  return formatSubnet({ family: 6, base: base | readable, prefixLength: 128 }).replace('/128', '');
}

/** Each host of the LAN with the address beside its own. */
export function giveAddresses6(
  hosts: Addressed[],
  subnet6: Subnet | undefined,
  vips: string[],
  problems: Problems,
): Addressed[] {
  if (!subnet6) return hosts;
  const { prefixLength } = subnet6;
  return hosts.map((host) => {
    if (host.segment !== 'lan' || parseIpv4(host.ip) === undefined) return host;
    const address = besideIn(subnet6, host.ip);
    if (vips.includes(address))
      problems.add(
        ['services'],
        `the VIP ${address} is the address of ${host.name}; choose one that no host has.`,
      );
    return { ...host, ip6: { address, prefixLength } };
  });
}
