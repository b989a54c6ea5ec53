import type { Own } from '../../../src/model/check.ts';
import { driverTraitsOf } from '../../../src/model/driver-traits.ts';
import { filesSay } from '../../../src/model/files.ts';
import {
  hostsOf,
  isScheduledBy,
  type LabSpec,
  type ServiceSpec,
  vrrpInstancesOf,
} from '../../../src/model/spec.ts';
import { isIpv6 } from '../../../src/util/ipv6.ts';

/** Pairs of the lab as written in which a check of VRRP means what it means in its stage, by the lab's own timers. Machines that exist are left alone. */

interface Wanted {
  /** Whether the director of higher priority takes the VIP back. */
  preempts: boolean;
  /** It edits keepalived.conf as drlab writes it, or counts on where that is. */
  edits?: true;
  /** Advertisements go to everybody. */
  multicast?: true;
  /** A service that rr alone schedules. */
  rotates?: true;
}

const takesTurns = (service: ServiceSpec): boolean =>
  service.protocol === 'tcp' &&
  isScheduledBy(service, 'rr') &&
  service.realServers.every(({ weight }) => weight > 0);

const isPair = (spec: LabSpec, { preempts, edits, multicast, rotates }: Wanted): boolean => {
  const { vrrp } = spec.director;
  const directors = hostsOf(spec, 'director');
  const [one, other, ...more] = vrrp?.priorities ?? [];
  return (
    driverTraitsOf(spec).existingHosts === undefined &&
    vrrp !== undefined &&
    vrrp.preempt === preempts &&
    vrrp.preemptDelayS === undefined &&
    !vrrp.virtualMac &&
    one !== other &&
    more.length === 0 &&
    directors.length === 2 &&
    vrrpInstancesOf(spec).length === 1 &&
    spec.services.some(({ protocol, vip }) => protocol === 'tcp' && !isIpv6(vip)) &&
    !(edits && directors.some((host) => filesSay(host, 'directing'))) &&
    !(multicast && vrrp.unicast) &&
    (!rotates || spec.services.some(takesTurns))
  );
};

export const ownPair = (wanted: Wanted): Own => ({
  subject: [
    `two directors with keepalived, ${wanted.preempts ? 'the first of which preempts' : 'neither of which preempts'}`,
    ...(wanted.multicast ? ['which advertise to everybody'] : []),
    ...(wanted.rotates ? ['with a service of rr'] : []),
  ].join(', '),
  has: (spec) => isPair(spec, wanted),
});
