import { reachedBy } from '../../src/model/forwarding.ts';
import { deviceOf, type HostSpec, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { deviceFor, interfacesOf } from '../../src/model/topology.ts';
import { formatIpv4, parseIpv4 } from '../../src/util/ipv4.ts';
import { formatIpv6, isIpv6, parseIpv6 } from '../../src/util/ipv6.ts';
import { fact, type Meant } from './compare.ts';
import { movesVips, vipHolder, virtualRouters } from './directing.ts';

/** What a lab file means for the addresses of one host. Pure. */

export function addressesMeant(spec: LabSpec, host: HostSpec): Meant[] {
  const own = interfacesOf(spec, host).flatMap(({ name, addresses }) =>
    addresses.map((address) => addressFact(address, name)),
  );
  const further = (host.addresses ?? []).map((address) => addressFact(address, deviceOf(host)));
  return [...own, ...further, ...vipsOfServer(spec, host), ...vipsOfDirector(spec, host)];
}

const addressFact = (address: string, device: string): Meant =>
  fact('address', `${plain(address)} dev ${device}`);

/** As `ip` writes it. */
function plain(address: string): string {
  const [ip = '', length] = address.split('/');
  const groups = parseIpv6(ip);
  return `${groups ? formatIpv6(groups) : ip}/${length}`;
}

function vipsOfServer(spec: LabSpec, host: HostSpec): Meant[] {
  const { name, server } = host;
  if (!server || server.vipDevice === 'none') return [];
  const services = spec.services.filter((one) => reachedBy([one], 'dr', 'tun').has(name));
  return vipsOf({ ...spec, services }).map((vip) => {
    const length = isIpv6(vip) ? (server.vip6PrefixLength ?? 128) : server.vipPrefixLength;
    return addressFact(`${vip}/${length}`, server.vipDevice === 'eth0' ? deviceOf(host) : server.vipDevice);
  });
}

/** VIPs that move may be on any director, or on lo of the one that stands by. */
function vipsOfDirector(spec: LabSpec, host: HostSpec): Meant[] {
  if (host.role !== 'director') return [];
  const vips = vipsOf(spec).map((vip) => ({
    address: `${vip}/${isIpv6(vip) ? 128 : 32}`,
    device: deviceFor(host, vip),
  }));
  // bird announces what is there.
  if (spec.director.announce) return vips.map(({ address }) => addressFact(address, 'lo'));
  if (!movesVips(spec))
    return vipHolder(spec)?.name === host.name
      ? vips.map(({ address, device }) => addressFact(address, device))
      : [];
  return vips.flatMap(({ address, device }) =>
    [device, 'lo', ...virtualRouters(spec)].map(
      (on): Meant => ({ ...addressFact(address, on), optional: true }),
    ),
  );
}

/** The route that the kernel derives from an address: of lo, and of a whole address, there is none. */
export function connectedBy({ key }: Meant): Meant[] {
  const [, ip = '', length = '', device = ''] = /^(\S+)\/(\d+) dev (\S+)$/.exec(key) ?? [];
  const address = parseIpv4(ip);
  if (device === 'lo' || address === undefined || length === '32') return [];
  const network = formatIpv4(address - (address % 2 ** (32 - Number(length))));
  return [fact('connected', `${network}/${length} dev ${device}`)];
}
