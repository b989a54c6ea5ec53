import type { ForwardingMethod, LabSpec, ServiceSpec } from './spec.ts';

/** What the forwarding methods of a lab's services mean for a check. */

export const methodNames = { dr: 'DR', tun: 'TUN', nat: 'NAT' } as const satisfies Record<
  ForwardingMethod,
  string
>;

type Forwarding = Pick<ServiceSpec, 'forward' | 'realServers'>;

/** How a service forwards to one of its hosts; to the one that says sorry as the service says. */
export const forwardOf = ({ forward, realServers }: Forwarding, server: string): ForwardingMethod =>
  realServers.find(({ name }) => name === server)?.forward ?? forward;

/** Those of one service, each once. */
export const methodsIn = ({ forward, realServers }: Forwarding): ForwardingMethod[] => [
  ...new Set(realServers.length === 0 ? [forward] : realServers.map((one) => one.forward ?? forward)),
];

/** All real servers of the service get what it takes by direct routing. */
export const isDirect = (service: Forwarding): boolean =>
  methodsIn(service).every((method) => method === 'dr');

/** Those of the lab's services, each once. */
export const methodsOf = ({ services }: Pick<LabSpec, 'services'>): ForwardingMethod[] => [
  ...new Set(services.flatMap(methodsIn)),
];

/** Hosts that one of these services reaches by one of the methods. */
export const reachedBy = (
  services: readonly ServiceSpec[],
  ...methods: readonly ForwardingMethod[]
): Set<string> =>
  new Set(
    services.flatMap(({ forward, realServers, sorryServer }) => [
      ...realServers.flatMap((one) => (methods.includes(one.forward ?? forward) ? [one.name] : [])),
      ...(sorryServer !== undefined && methods.includes(forward) ? [sorryServer] : []),
    ]),
  );

/** «DR», «DR and TUN». */
export const methodWords = (methods: readonly ForwardingMethod[]): string =>
  methods.map((method) => methodNames[method]).join(' and ');

/** Why a check that is about these methods says nothing of the lab; undefined where it does. */
export function notItsMethod(spec: LabSpec, methods: readonly ForwardingMethod[]): string | undefined {
  const own = methodsOf(spec);
  if (own.length === 0 || onlyForwardedBy(spec, methods).services.length > 0) return undefined;
  const alone = methods.length === 1 ? ' alone' : '';
  return `it means ${methodWords(methods)}${alone}, and the services of this lab forward by ${methodWords(own)}`;
}

/** What makes two real servers of one service different for a check. */
export type Difference = 'method' | 'nat';

/** Why a check that is about services with one method says nothing of the lab; undefined where it does. */
export const everyServiceMixed = ({ services }: LabSpec, by: Difference): string | undefined =>
  services.length > 0 && services.every((service) => isMixed(service, by))
    ? 'what it expects differs by method, and each service of this lab reaches its real servers by several'
    : undefined;

/** The same lab without services that reach their real servers by several methods. */
export function withoutMixed(spec: LabSpec, by: Difference): LabSpec {
  const services = spec.services.filter((service) => !isMixed(service, by));
  return services.length === spec.services.length ? spec : { ...spec, services };
}

const isMixed = (service: ServiceSpec, by: Difference): boolean =>
  new Set(methodsIn(service).map((method) => (by === 'method' ? method : method === 'nat'))).size > 1;

/** The same lab with the services that reach all their real servers by one of these methods, and no others. */
export function onlyForwardedBy(spec: LabSpec, methods: readonly ForwardingMethod[]): LabSpec {
  const services = spec.services.filter((service) =>
    methodsIn(service).every((method) => methods.includes(method)),
  );
  return services.length === spec.services.length ? spec : { ...spec, services };
}
