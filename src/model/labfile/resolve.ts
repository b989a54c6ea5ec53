import { formatIpv4, type Ipv4Network, parseIpv4 } from '../../util/ipv4.ts';
import { formatSubnet, type Subnet, subnetOf } from '../../util/subnet.ts';
import { driversThat, driverTraitsOf } from '../driver-traits.ts';
import type { DriverSpec, LabSpec } from '../spec.ts';
import { giveAddresses } from './addressing.ts';
import { giveAddresses6 } from './addressing6.ts';
import { checkAnnounce, checkAnnounced } from './announce.ts';
import { completeHosts } from './complete.ts';
import { resolveDirector } from './directors.ts';
import { checkDirectorOfDriver, checkPlacement, resolveDriver } from './driver.ts';
import { resolveFiles } from './files.ts';
import { resolveLink } from './links.ts';
import { checkMasquerading } from './masquerading.ts';
import { checkNames } from './names.ts';
import { resolveNetworks } from './network.ts';
import { planHosts } from './plan.ts';
import type { Problems } from './problems.ts';
import type { RawLab } from './schema.ts';
import { checkServes } from './serves.ts';
import { resolveServices } from './services.ts';
import { resolveWiring } from './topology/index.ts';
import { checkSpeakers } from './vips.ts';
import { checkInstances } from './vrrp.ts';

/**
 * Fills in every default and checks what no schema can: names, addresses, references.
 * @param file name of the lab where the file gives none, and the folder that paths in it begin from.
 * @throws {LabFileError}
 */
export function resolveLab(raw: RawLab, file: { name: string; folder: string }, problems: Problems): LabSpec {
  const planned = planHosts(raw);
  const routed = planned.some((host) => host.role === 'router');
  checkNames(planned, problems);
  for (const host of planned) checkServes(host, problems);
  const driver = resolveDriver(raw.driver, problems);
  checkPlacement(driver, planned, problems);
  const director = resolveDirector(
    raw.directors,
    planned.filter((host) => host.role === 'director').length,
    problems,
  );
  checkAnnounce(director, { driver, planned }, problems);
  const around = { folder: file.folder, driver, kind: director.kind };
  const files = new Map(planned.map((host) => [host.name, resolveFiles(host, around, problems)]));
  const links = new Map(planned.map((host) => [host.name, resolveLink(host, problems)]));
  const { onRealNetwork, noUplink } = driverTraitsOf({ driver });
  const anywhere = noUplink || onRealNetwork(driver);
  const networks = resolveNetworks(raw.network, { routed, anywhere }, problems);
  const wired = resolveWiring(raw, { planned, networks, driver }, problems);
  problems.throwIfAny();
  if (!networks) throw new Error('networks that cannot be used were not reported');

  const subnet6 = readSubnet6(raw, driver, wired !== undefined, problems);
  const services = resolveServices(raw.services, {
    lan: wired?.vipNetwork ?? networks.lan,
    subnets: wired?.vipSubnets ?? [...subnetsOf(networks.lan), ...(subnet6 ? [subnet6] : [])],
    kind: director.kind,
    driver,
    directors: raw.directors,
    planned,
    problems,
  });
  checkAnnounced(director, services, problems);
  checkInstances(director.vrrp, services, problems);
  checkDirectorOfDriver(director.kind, driver, problems);
  const vips = [...new Set(services.map(({ vip }) => vip))];
  if (wired) problems.throwIfAny();
  const laid = wired?.layOut(planned, vips, problems);
  const addressed =
    laid?.hosts ??
    giveAddresses6(giveAddresses(planned, networks, ipv4Among(vips), problems), subnet6, vips, problems);
  checkMasquerading(services, addressed, raw, problems);
  checkSpeakers(addressed, services, problems);
  problems.throwIfAny();

  return {
    name: raw.name ?? file.name,
    driver,
    network: laid?.network ?? {
      base: formatIpv4(networks.lan.base),
      prefixLength: networks.lan.prefixLength,
      mtu: raw.network.mtu,
      ...(subnet6 && { subnet6: formatSubnet(subnet6) }),
    },
    ...(laid && { segments: laid.segments }),
    hosts: completeHosts(addressed, { raw, director, services, links, files }),
    director,
    services,
    hooks: raw.hooks,
  };
}

const subnetsOf = ({ base, prefixLength }: Ipv4Network): Subnet[] => [
  { family: 4, base: BigInt(base), prefixLength },
];

const ipv4Among = (vips: string[]): number[] => vips.flatMap((vip) => parseIpv4(vip) ?? []);

/** Of a lab without segments, which say theirs themselves. */
function readSubnet6(
  { network }: RawLab,
  driver: DriverSpec,
  isWired: boolean,
  problems: Problems,
): Subnet | undefined {
  if (network.subnet6 === undefined) return undefined;
  const at = ['network', 'subnet6'];
  if (isWired)
    problems.add(
      at,
      '«subnet6» belongs to a lab whose hosts have one interface; write the IPv6 subnet in «segments», and addresses in «interfaces».',
      'key',
    );
  if (!driverTraitsOf({ driver }).ipv6) {
    const others = driversThat(({ ipv6 }) => ipv6).join(' or ');
    problems.add(at, `the driver ${driver.kind} gives hosts no IPv6 addresses; use ${others}.`, 'key');
  }
  return subnetOf(network.subnet6);
}
