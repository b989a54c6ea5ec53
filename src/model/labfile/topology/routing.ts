import { holds, subnetOf } from '../../../util/subnet.ts';
import type { Addressed, Routing } from '../addressed.ts';
import type { Problems } from '../problems.ts';

/** `default via 198.18.0.1`, and what says no more than that. */
const plainDefault = /^default\s+via\s+([0-9.]+)(?:\s+dev\s+\S+)?$/;

export function routing(host: Addressed, all: Addressed[], problems: Problems): Routing {
  const { gateway, rules } = host.wiring;
  const routes = host.wiring.routes ?? [];
  const written = routes
    .map((route) => plainDefault.exec(route.trim())?.[1])
    .find((one) => one !== undefined);
  const isIpv6 = gateway?.includes(':') ?? false;
  const at = [...host.path, 'gateway'];
  if (gateway !== undefined && written !== undefined && !isIpv6)
    problems.add(
      at,
      `${host.name} has «gateway» and the route «default via ${written}»; leave one out.`,
      'key',
    );
  if (gateway !== undefined && !isNear(host, gateway))
    problems.add(
      at,
      `no interface of ${host.name} is in the network of its gateway ${gateway}; choose one that is.`,
    );
  const own = isIpv6 ? undefined : gateway;
  const wayOut =
    own ?? written ?? (host.wiring.routes || host.role === 'router' ? undefined : nearRouter(host, all));
  const rest = [
    ...routes.filter((route) => !plainDefault.test(route.trim())),
    ...(isIpv6 ? [`default via ${gateway}`] : []),
  ];
  return {
    ...(wayOut !== undefined && { gateway: wayOut }),
    ...(rest.length > 0 && { routes: rest }),
    ...(rules && rules.length > 0 && { rules }),
  };
}

const isNear = ({ interfaces = [] }: Addressed, gateway: string): boolean =>
  interfaces.some(({ addresses }) =>
    addresses.some((address) => {
      const subnet = subnetOf(address);
      return subnet !== undefined && holds(subnet, gateway);
    }),
  );

/** On the segment of the host’s own address. */
function nearRouter({ segment }: Addressed, all: Addressed[]): string | undefined {
  for (const router of all) {
    if (router.role !== 'router') continue;
    if (router.segment === segment) return router.ip;
    const leg = router.interfaces?.find((one) => one.segment === segment);
    const address = leg?.addresses.find((one) => !one.includes(':'));
    if (address !== undefined) return address.replace(/\/.*/, '');
  }
  return undefined;
}
