import { createHash } from 'node:crypto';
import {
  deviceOf,
  type HealthCheckSpec,
  hostsOf,
  type LabSpec,
  type ServiceSpec,
} from '../../../src/model/spec.ts';
import { NotInLab } from '../../../src/util/errors.ts';
import { expectReshapable } from '../../common/reshaping.ts';
import {
  type Change,
  clientAddresses,
  firstServers,
  moreClientAddresses,
  oneIpvsDirector,
  services,
  stage,
  withSysctls,
} from '../../common/stages.ts';
import { onOwnHosts } from '../../common/tables.ts';

/*
 *   client ──┬── d1: VIP; keepalived asks every real server at its RIP, every second
 *            └── rs1  rs2  rs3
 *
 *   a service for each thing that keepalived can be told; one fault shows what each makes of it
 */

export const ports = {
  tcp: 80,
  http: 81,
  quiesced: 82,
  sorry: 83,
  quorum: 84,
  alpha: 85,
  persistent: 86,
  misc: 90,
  digest: 91,
  datagrams: 53,
} as const;

/** One further attempt, so that a single lost one removes nobody. */
export const asking: HealthCheckSpec & { retryDelayMs: number } = {
  intervalMs: 1_000,
  timeoutMs: 1_000,
  retries: 1,
  retryDelayMs: 1_000,
};
export const http: HealthCheckSpec = { ...asking, check: 'http' };

/** A route that nobody uses (RFC 5737): what commands of a quorum leave behind for all to see, in this host alone. */
export const markRoute = '192.0.2.84/32';
export const quorum = {
  weight: 2,
  hysteresis: 0,
  up: `ip route del blackhole ${markRoute}`,
  down: `ip route replace blackhole ${markRoute}`,
};

/** One director whose real servers are looked after by keepalived, without VRRP. */
const keepalivedAlone: Change = (spec) => {
  expectReshapable(spec, 'keep the directors and daemons that they have');
  return { ...oneIpvsDirector(spec), director: { kind: 'keepalived', healthCheck: asking } };
};

/** These services have the first two real servers, and the third says sorry. */
export const withSorry =
  (...of: number[]): Change =>
  (spec) => ({
    ...spec,
    services: spec.services.map((service) => {
      const [first, second, third] = service.realServers;
      if (!of.includes(service.port) || !first || !second || !third) return service;
      return { ...service, realServers: [first, second], sorryServer: third.name };
    }),
  });

const base = (...own: Change[]): Change[] => [
  onOwnHosts,
  keepalivedAlone,
  firstServers(3),
  moreClientAddresses(5),
  ...own,
];

const looked = base(
  services(
    { port: ports.tcp },
    { port: ports.http, healthCheck: http },
    { port: ports.quiesced, healthCheck: http, inhibitOnFailure: true },
    { port: ports.persistent, healthCheck: http, inhibitOnFailure: true, persistenceS: 300 },
    { port: ports.sorry },
    { port: ports.quorum, quorum, omega: true },
    { port: ports.alpha, alpha: true },
  ),
  withSorry(ports.sorry, ports.quorum),
  // A director takes answers from its own VIP only so; HC-03 asks that way.
  withSysctls('director', { 'net.ipv4.conf.all.accept_local': '1' }),
);

export const health = stage(
  'health',
  'one director with keepalived, which checks real servers every second; a service for each of its settings',
  ...looked,
);

export const healthForgetting = stage(
  'health-forgetting',
  'as «health», with expire_nodest_conn=1 and expire_quiescent_template=1',
  ...looked,
  withSysctls('director', {
    'net.ipv4.vs.expire_nodest_conn': '1',
    'net.ipv4.vs.expire_quiescent_template': '1',
  }),
);

/** The page of a real server as the director gets it: it names the one who asked. */
const pageOf = (server: string, dip: string): string => `${server} ${dip}\n`;
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** All real servers have other pages, so only the first one is behind the service with a digest. */
const digestOfFirst: Change = (spec) => {
  const dip = hostsOf(spec, 'director')[0]?.ip ?? '';
  const own = (service: ServiceSpec): ServiceSpec => {
    const first = service.realServers[0];
    if (service.port !== ports.digest || !first) return service;
    const digest = md5(pageOf(first.name, dip));
    return { ...service, realServers: [first], healthCheck: { ...http, digest } };
  };
  return { ...spec, services: spec.services.map(own) };
};

/** The first client gives an address of its own to the director, to ask from. */
export const secondDip: Change = (spec) => {
  const address = clientAddresses(spec).at(-1);
  const director = hostsOf(spec, 'director')[0];
  if (address === undefined || !director)
    throw new NotInLab(`lab «${spec.name}» has no director with a client`);
  const mine = `${address}/${director.prefixLength}`;
  return {
    ...spec,
    hosts: spec.hosts.map((host) => {
      const kept = (host.addresses ?? []).filter((one) => one !== mine);
      if (host.name === director.name) return { ...host, addresses: [...kept, mine] };
      return host.addresses ? { ...host, addresses: kept } : host;
    }),
  };
};

export const kinds = stage(
  'health-kinds',
  'one director with keepalived; a service for each kind of health check',
  ...base(
    services(
      { port: ports.http, healthCheck: { ...http, status: 200 } },
      {
        port: ports.misc,
        healthCheck: { ...asking, check: 'misc', timeoutMs: 2_000, script: 'ping -c 1 -W 1 {rip}' },
      },
      { port: ports.digest },
      { port: ports.datagrams, protocol: 'udp' },
    ),
    digestOfFirst,
    secondDip,
  ),
);

/** The second address of the director in the stage of kinds. @throws {NotInLab} where it has none. */
export function secondDipOf(spec: LabSpec): string {
  const [address] = hostsOf(spec, 'director')[0]?.addresses ?? [];
  if (address === undefined) throw new NotInLab(`the director of lab «${spec.name}» has one address only`);
  return address.slice(0, address.indexOf('/'));
}

/** Shell text for the director: what it opens on its LAN comes from this address of its. */
export function askingFrom(spec: LabSpec, source: string): string {
  const director = hostsOf(spec, 'director')[0];
  const { base: network, prefixLength } = spec.network;
  return `ip route replace ${network}/${prefixLength} dev ${director ? deviceOf(director) : 'eth0'} proto kernel scope link src ${source}`;
}
