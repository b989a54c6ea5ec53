import { endpoint, isIpv6 } from '../util/ipv6.ts';
import {
  type HostSpec,
  hostsOf,
  isScheduledBy,
  type LabSpec,
  type Protocol,
  type ServiceSpec,
} from './spec.ts';
import { interfacesOf, isOnLan } from './topology.ts';

/** From where a lab can be looked at: what is true for one client and one service need not be for another. */

/** What a check is judged for each kind of, or why one look is enough; of the clients perhaps only those behind a router. */
export type Vantages = { clients?: true | 'routed'; services?: Fitting } | { once: string };

/** Services that a check can be about. */
export interface Fitting {
  protocol: Protocol;
  scheduler?: string;
  /** What else they have in common. */
  fits?(service: ServiceSpec): boolean;
}

/** The lab as one client sees it that is after one service: both come first in it. */
export interface Vantage {
  /** «c2, behind router», «c1, to tcp 198.18.0.101:80». */
  from: string;
  /** The same in the name of a file. */
  slug: string;
  spec: LabSpec;
}

/** The router of a client behind one. */
export const routerOf = (spec: LabSpec, client: HostSpec): HostSpec | undefined => {
  if (isOnLan(spec, client)) return undefined;
  const routers = hostsOf(spec, 'router');
  const isGateway = (router: HostSpec) =>
    interfacesOf(spec, router).some(({ addresses }) =>
      addresses.some((address) => address.startsWith(`${client.gateway}/`)),
    );
  return routers.find(isGateway) ?? routers[0];
};

/** The first on the segment, the first behind each router; in the order of the lab. */
export const clientKinds = (spec: LabSpec): HostSpec[] =>
  firsts(hostsOf(spec, 'client'), (client) => routerOf(spec, client)?.name ?? client.segment);

const kindsFrom = (spec: LabSpec, wanted: true | 'routed'): HostSpec[] =>
  clientKinds(spec).filter((client) => wanted === true || routerOf(spec, client) !== undefined);

/** The first of each protocol, family, forwarding method, VIP and way to choose packets (port and scheduler are no kinds). */
export const serviceKinds = (services: readonly ServiceSpec[]): ServiceSpec[] =>
  firsts(services, ({ protocol, vip, forward, mark, allPorts }) =>
    [protocol, isIpv6(vip), forward, vip, mark, allPorts].join(' '),
  );

/**
 * Every kind of client with the first service, and every kind of service with the first client: a sum of kinds, however
 * many hosts there are. The first one is the lab as it is, but for a check of clients behind a router.
 */
export function vantagesOf(spec: LabSpec, wanted: Vantages | undefined): [Vantage, ...Vantage[]] {
  const { clients = false, services } = wanted && 'once' in wanted ? {} : (wanted ?? {});
  const all = hostsOf(spec, 'client');
  const [service, ...otherServices] = services ? serviceKinds(fitting(spec, services)) : [];
  const speaking = (clients ? kindsFrom(spec, clients) : all).filter((one) =>
    speaksTo(one, service ?? spec.services[0]),
  );
  const [first, ...others] = speaking;
  if (!first) return [{ from: '', slug: '', spec }];
  const otherClients = clients ? others : [];
  const to = otherServices.length > 0 ? service : undefined;
  return [
    { ...named(spec, first, to), spec: first === all[0] ? spec : withFirst(spec, first) },
    ...otherClients.map((client) => ({ ...named(spec, client, to), spec: withFirst(spec, client) })),
    ...otherServices.flatMap((other) => {
      const client = [first, ...all].find((one) => speaksTo(one, other));
      return client ? [{ ...named(spec, client, other), spec: withFirst(spec, client, other) }] : [];
    }),
  ];
}

/** It has an address of the service’s family. */
const speaksTo = ({ ip6 }: HostSpec, service: ServiceSpec | undefined): boolean =>
  service === undefined || !isIpv6(service.vip) || ip6 !== undefined;

export const fitting = ({ services }: LabSpec, { protocol, scheduler, fits }: Fitting): ServiceSpec[] =>
  services.filter(
    (one) =>
      one.protocol === protocol &&
      (scheduler === undefined || isScheduledBy(one, scheduler)) &&
      (fits === undefined || fits(one)),
  );

/** The same lab, whose first client and service are these. */
export function withFirst(spec: LabSpec, client?: HostSpec, service?: ServiceSpec): LabSpec {
  const first = <T>(one: T | undefined, all: T[]): T[] =>
    one === undefined ? all : [one, ...all.filter((other) => other !== one)];
  return { ...spec, hosts: first(client, spec.hosts), services: first(service, spec.services) };
}

function named(spec: LabSpec, client: HostSpec, service?: ServiceSpec): Pick<Vantage, 'from' | 'slug'> {
  const router = routerOf(spec, client);
  const to = service && `${service.protocol} ${endpoint(service.vip, service.port)}`;
  return {
    from: [client.name, router && `behind ${router.name}`, to && `to ${to}`].filter(Boolean).join(', '),
    slug: [client.name, to?.replaceAll(/[^\w.]+/g, '-')].filter(Boolean).join('-'),
  };
}

function firsts<T>(all: readonly T[], kindOf: (one: T) => string): T[] {
  const found = new Map<string, T>();
  for (const one of all) if (!found.has(kindOf(one))) found.set(kindOf(one), one);
  return [...found.values()];
}
