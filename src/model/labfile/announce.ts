import { isIpv6 } from '../../util/ipv6.ts';
import { driverTraitsOf } from '../driver-traits.ts';
import type { AnnounceSpec, DirectorSpec, DriverSpec, ServiceSpec } from '../spec.ts';
import type { PlannedHost } from './plan.ts';
import type { Problems } from './problems.ts';
import { duration } from './quantities.ts';
import type { RawDirectors } from './schema-directors.ts';

/** Directors that all have the VIPs, and tell routers so. */

const path = ['directors', 'announce'];

export function resolveAnnounce(given: RawDirectors, problems: Problems): AnnounceSpec | undefined {
  if (!given.announce) return undefined;
  const exclusive = given.vrrp ? 'vrrp' : given.sync ? 'sync' : undefined;
  if (exclusive)
    problems.add(
      ['directors', exclusive],
      `«${exclusive}» is of directors that take over from each other, and with «announce» all are active; leave one of them out.`,
      'key',
    );
  const said = given.announce === 'bgp' ? {} : given.announce;
  const { asn = 64512, routerAsn = 64513, hold = '9s', bfd = { interval: '300ms', multiplier: 3 } } = said;
  const holdS = duration.read(hold) / 1e6;
  if (!Number.isInteger(holdS) || holdS < 3)
    problems.add([...path, 'hold'], `«hold» is ${hold}; expected whole seconds, at least 3s.`);
  if (asn === routerAsn)
    problems.add(
      [...path, 'routerAsn'],
      `directors and routers are both in AS ${asn}; give the routers another one.`,
    );
  if (bfd === false) return { by: 'bgp', asn, routerAsn, holdS };
  const intervalMs = duration.read(bfd.interval) / 1000;
  if (!Number.isInteger(intervalMs) || intervalMs < 10)
    problems.add(
      [...path, 'bfd', 'interval'],
      `«interval» is ${bfd.interval}; expected whole milliseconds, at least 10ms.`,
    );
  return { by: 'bgp', asn, routerAsn, holdS, bfd: { intervalMs, multiplier: bfd.multiplier } };
}

/** Somebody has to listen, and only what comes through a router is spread. */
export function checkAnnounce(
  { announce }: DirectorSpec,
  { driver, planned }: { driver: DriverSpec; planned: readonly PlannedHost[] },
  problems: Problems,
): void {
  if (!announce) return;
  if (!driverTraitsOf({ driver }).runsProgramsOfSandbox)
    problems.add(path, `drlab starts bird with «driver: netns» only, not with ${driver.kind}.`, 'key');
  if (!planned.some(({ role }) => role === 'router'))
    problems.add(
      path,
      'no router is there that the VIPs could be announced to; put a client behind one: «clients: [{ via: router }]».',
      'key',
    );
}

/** What keepalived says of a service by its mark is of no single VIP. */
export function checkAnnounced(
  { announce }: DirectorSpec,
  services: ServiceSpec[],
  problems: Problems,
): void {
  if (!announce) return;
  const marked = services.find(({ mark }) => mark !== undefined);
  const six = services.find(({ vip }) => isIpv6(vip));
  const what = marked ? `marked services (${marked.mark})` : six ? `IPv6 VIPs (${six.vip})` : undefined;
  if (what) problems.add(path, `drlab does not announce ${what} yet; take services by VIP and port.`, 'key');
}
