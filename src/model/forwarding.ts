import type { ForwardingMethod, LabSpec } from './spec.ts';

/** What the forwarding methods of a lab's services mean for a check. */

export const methodNames = { dr: 'DR', tun: 'TUN', nat: 'NAT' } as const satisfies Record<
  ForwardingMethod,
  string
>;

/** Those of the lab's services, each once. */
export const methodsOf = ({ services }: Pick<LabSpec, 'services'>): ForwardingMethod[] => [
  ...new Set(services.map(({ forward }) => forward)),
];

/** «DR», «DR and TUN». */
export const methodWords = (methods: readonly ForwardingMethod[]): string =>
  methods.map((method) => methodNames[method]).join(' and ');

/** Why a check that is about these methods says nothing of the lab; undefined where it does. */
export function notItsMethod(spec: LabSpec, methods: readonly ForwardingMethod[]): string | undefined {
  const own = methodsOf(spec);
  if (own.length === 0 || own.some((method) => methods.includes(method))) return undefined;
  const alone = methods.length === 1 ? ' alone' : '';
  return `it means ${methodWords(methods)}${alone}, and the services of this lab forward by ${methodWords(own)}`;
}

/** The same lab with the services that forward by one of these methods and no others. */
export function onlyForwardedBy(spec: LabSpec, methods: readonly ForwardingMethod[]): LabSpec {
  const services = spec.services.filter(({ forward }) => methods.includes(forward));
  return services.length === spec.services.length ? spec : { ...spec, services };
}
