import { plainAddress } from '../../util/ipv6.ts';
import { formatSubnet, holds, parseAddress, type Subnet } from '../../util/subnet.ts';
import { orList } from '../../util/words.ts';
import { kindsThat } from '../director-kinds.ts';
import { directorTraits } from '../director-traits.ts';
import { driversThat, driverTraits } from '../driver-traits.ts';
import { familyOf } from '../family.ts';
import { isDirect, methodsIn, methodWords } from '../forwarding.ts';
import { type DirectorKind, type DriverSpec, type ServiceSpec, serversOf } from '../spec.ts';
import type { Addressed } from './addressed.ts';
import type { PlannedHost } from './plan.ts';
import type { Path, Problems } from './problems.ts';

export interface VipGround {
  /** Networks in which VIPs may be, of either family. */
  subnets: readonly Subnet[];
  kind: DirectorKind;
  driver: DriverSpec;
  planned: PlannedHost[];
  problems: Problems;
}

/** A VIP is on a segment, is nobody's own address, and its family is one that directors and driver are set up for. */
export function checkVip(vip: string, path: Path, ground: VipGround): void {
  const { subnets, planned, problems } = ground;
  const family = familyOf(vip);
  if (family === 6) checkIpv6(vip, path, ground);
  const ofFamily = subnets.filter((one) => one.family === family);
  const network = ofFamily.find((one) => holds(one, vip));
  const names = ofFamily.map(formatSubnet);
  if (names.length === 0)
    problems.add(
      path,
      `the VIP ${vip} is an IPv6 address, and the lab has no IPv6 network. Write «network: { subnet6: fd64:726c:6162::/64 }», or a segment with an IPv6 subnet.`,
    );
  else if (!network) {
    const why =
      names.length > 1 ? 'a VIP is on a segment' : 'directors, real servers and the VIP share one network';
    problems.add(
      path,
      `the VIP ${vip} is outside ${orList(names)}; ${why} in a lab. Choose one of that network.`,
    );
  } else if (isReserved(vip, network))
    problems.add(
      path,
      `the VIP ${vip} is the network or broadcast address of ${formatSubnet(network)}; choose another.`,
    );
  const owner = planned.find((host) => writtenAddresses(host).includes(plainAddress(vip)));
  if (owner)
    problems.add(path, `the VIP ${vip} is the address of ${owner.name}; choose one that no host has.`);
}

function checkIpv6(vip: string, path: Path, ground: VipGround): void {
  const { kind, driver, problems } = ground;
  if (!driverTraits[driver.kind].ipv6) {
    const others = orList(driversThat(({ ipv6 }) => ipv6));
    problems.add(
      path,
      `the VIP ${vip} is an IPv6 address, and the driver ${driver.kind} gives hosts none; use ${others}.`,
    );
  } else if (!directorTraits[kind].ipv6) {
    const able = orList(kindsThat((traits) => traits.ipv6));
    problems.add(
      path,
      `the VIP ${vip} is an IPv6 address, and drlab sets up ${kind} directors for IPv4 only; use ${able}.`,
    );
  }
}

/** Whoever has a part in an IPv6 service has an IPv6 address of its own; and somebody can ask for it. */
export function checkSpeakers(
  hosts: readonly Addressed[],
  services: ServiceSpec[],
  problems: Problems,
): void {
  const six = services.filter(({ vip }) => familyOf(vip) === 6);
  const [first] = six;
  if (!first) return;
  for (const { vip, ...service } of six)
    if (!isDirect(service))
      problems.add(
        ['services'],
        `drlab sets up IPv6 VIPs for «forward: dr» only, and ${vip} is forwarded by ${methodWords(methodsIn(service))}.`,
      );
  const serving = new Set(six.flatMap(serversOf));
  for (const { name, role, ip6, path } of hosts)
    if (!ip6 && (role === 'director' || serving.has(name)))
      problems.add(
        path,
        `${name} has no IPv6 address on the segment of its own address, and ${first.vip} is an IPv6 VIP; give it one.`,
      );
  if (!hosts.some(({ role, ip6 }) => role === 'client' && ip6))
    problems.add(
      ['clients'],
      `no client has an IPv6 address, so nobody could ask for ${first.vip}; give one an address, or put it on the segment.`,
    );
}

/** RFC 4291 §2.6.1: the first address of an IPv6 network is that of its routers; it has no broadcast. */
function isReserved(vip: string, { family, base, prefixLength }: Subnet): boolean {
  const value = parseAddress(vip)?.value;
  return value === base || (family === 4 && value === base + 2n ** BigInt(32 - prefixLength) - 1n);
}

const writtenAddresses = ({ ip, wiring }: PlannedHost): string[] => [
  ...(ip === undefined ? [] : [ip]),
  ...Object.values(wiring.interfaces ?? {}).flatMap((one) =>
    one.ip === undefined ? [] : [one.ip].flat().map((text) => plainAddress(text.replace(/\/.*/, ''))),
  ),
];
