import type { Check } from '../../src/model/check.ts';
import { driverTraitsOf } from '../../src/model/driver-traits.ts';
import { freeAddresses } from '../../src/model/free-addresses.ts';
import { ipv6Sysctls } from '../../src/model/labfile/sysctls.ts';
import { type HostSpec, hostsOf, type LabSpec, type ServiceSpec } from '../../src/model/spec.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { type Change, oneIpvsDirector, services, stage } from '../common/stages.ts';
import { hostOnSegment } from '../common/subjects.ts';

/*
 * The lab's hosts, each with a second address that can be read: 198.18.0.100 has fd64:726c:6162:0:198:18:0:100 beside
 * it. The prefix is unique local (RFC 4193): its forty bits spell «drlab».
 */

const prefix = 'fd64:726c:6162:0';
export const prefixLength = 64;

/** The IPv6 address that goes with an IPv4 address. */
export const beside = (ip: string): string => `${prefix}:${ip.replaceAll('.', ':')}`;

/** For answers that should come: long enough for a busy machine, since only faults wait it out. */
export const patienceMs = 4_000;

/** Services of the stage: for what is asked of every service, hashed, without anyone to serve it, persistent. */
export const ports = { web: 80, hashed: 8086, forsaken: 9_999, datagrams: 53, masked: 8087 };

/** Prefix length by which the persistent service groups clients. Those of this stage are in eight such networks. */
export const maskBits = 68;

/** Errors are not rationed, since they are counted. */
function sysctls(host: HostSpec): Record<string, string> {
  const result = { ...host.sysctls, ...ipv6Sysctls(['eth0'], '0') };
  if (host.role === 'director') {
    // ip-sysctl.rst ndisc_notify: without it a director that is given the VIP tells nobody.
    result['net.ipv6.conf.all.ndisc_notify'] = '1';
    result['net.ipv6.icmp.ratelimit'] = '0';
  }
  return result;
}

/**
 * The same hosts with IPv6, and all services on IPv6 VIPs.
 * @throws {NotInLab} where hosts are not drlab's own namespaces, or no client is on the segment.
 */
export function onIpv6(spec: LabSpec): LabSpec {
  if (!driverTraitsOf(spec).ipv6)
    throw new NotInLab(`drlab gives IPv6 addresses to namespaces only, not by driver «${spec.driver.kind}»`);
  if (!hostsOf(spec, 'client').some((host) => host.segment === 'lan'))
    throw new NotInLab(`no client of lab «${spec.name}» is on the segment, and drlab routes IPv4 only`);
  const hosts = spec.hosts.map((host) =>
    host.segment === 'lan'
      ? { ...host, ip6: { address: beside(host.ip), prefixLength }, sysctls: sysctls(host) }
      : host,
  );
  return {
    ...spec,
    hosts,
    services: spec.services.map((service) => ({ ...service, vip: beside(service.vip) })),
  };
}

/** Weight 0 for everyone behind this port. */
const forsake =
  (port: number): Change =>
  (spec) => ({
    ...spec,
    services: spec.services.map(
      (service): ServiceSpec =>
        service.port === port
          ? { ...service, realServers: service.realServers.map((server) => ({ ...server, weight: 0 })) }
          : service,
    ),
  });

/** As many client addresses as tell a hash from chance. They differ in every group, and from the VIP at once. */
const hashedClients = 40;

function manyClients(spec: LabSpec): LabSpec {
  const client = hostOnSegment(spec);
  const addresses = Array.from({ length: hashedClients }, (_, i) => {
    const groups = [0x9e37, 0x79b9, 0x7f4a, 0x7c15].map((odd) => (odd * (i + 1)) & 0xffff);
    groups[0] = (groups[0] ?? 0) | 0x8000;
    return `${prefix}:${groups.map((group) => group.toString(16)).join(':')}/${prefixLength}`;
  });
  return {
    ...spec,
    hosts: spec.hosts.map((host) => (host.name === client.name ? { ...host, addresses } : host)),
  };
}

/** The IPv6 addresses that the client has beside its CIP. */
export const clientAddresses6 = (spec: LabSpec): string[] =>
  (hostOnSegment(spec).addresses ?? []).filter(isIpv6).map((one) => one.slice(0, one.indexOf('/')));

/** The CIP, DIP or RIP of a host. @throws {NotInLab} where it has none. */
export function address6(host: HostSpec): string {
  if (!host.ip6) throw new NotInLab(`${host.name} has no IPv6 address`);
  return host.ip6.address;
}

export const ipv6Stage = stage(
  'ipv6',
  'IPv6: one director set with ipvsadm, VIP and real servers on unique local addresses',
  oneIpvsDirector,
  services(
    { port: ports.web },
    { port: ports.datagrams, protocol: 'udp' },
    { port: ports.hashed, scheduler: 'sh' },
    { port: ports.forsaken },
    { port: ports.masked, persistenceS: 300, persistenceMask: String(maskBits) },
  ),
  forsake(ports.forsaken),
  onIpv6,
  manyClients,
);

/** A second director that has neither VIP nor rules until it is given them. */
function withStandby(spec: LabSpec): LabSpec {
  const director = hostsOf(spec, 'director')[0];
  if (!director) throw new NotInLab(`lab «${spec.name}» has no director`);
  const names = new Set(spec.hosts.map((host) => host.name));
  const name = ['d2', 'standby', 'director2'].find((candidate) => !names.has(candidate));
  const [ip = ''] = freeAddresses(spec, 1);
  const standby: HostSpec = {
    ...director,
    name: name ?? 'ipv6-standby',
    ip,
    mac: '02:0d:00:00:fe:02',
  };
  return {
    ...spec,
    hosts: spec.hosts.flatMap((host) => (host.name === director.name ? [host, standby] : [host])),
  };
}

export const pairStage = stage(
  'ipv6-pair',
  'IPv6: two directors set with ipvsadm, between which the VIP is moved by hand',
  oneIpvsDirector,
  withStandby,
  services({ port: ports.web }),
  onIpv6,
);

/** What every check on IPv6 has. */
export const onStage6: Pick<Check, 'suite' | 'stage' | 'families'> = {
  suite: 'ipv6',
  stage: ipv6Stage,
  families: [6],
};
