import { formatIpv4, parseIpv4 } from '../../util/ipv4.ts';
import { driverTraitsOf } from '../driver-traits.ts';
import type { LabSpec } from '../spec.ts';
import { giveAddresses } from './addressing.ts';
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

  const services = resolveServices(raw.services, {
    networks: wired?.vipNetworks ?? [networks.lan],
    kind: director.kind,
    driver,
    directors: raw.directors,
    planned,
    problems,
  });
  checkAnnounced(director, services, problems);
  checkInstances(director.vrrp, services, problems);
  checkDirectorOfDriver(director.kind, driver, problems);
  const vips = services.flatMap((service) => parseIpv4(service.vip) ?? []);
  if (wired) problems.throwIfAny();
  const laid = wired?.layOut(planned, vips, problems);
  const addressed = laid?.hosts ?? giveAddresses(planned, networks, vips, problems);
  checkMasquerading(services, addressed, problems);
  problems.throwIfAny();

  return {
    name: raw.name ?? file.name,
    driver,
    network: laid?.network ?? {
      base: formatIpv4(networks.lan.base),
      prefixLength: networks.lan.prefixLength,
      mtu: raw.network.mtu,
    },
    ...(laid && { segments: laid.segments }),
    hosts: completeHosts(addressed, { raw, director, services, links, files }),
    director,
    services,
    hooks: raw.hooks,
  };
}
