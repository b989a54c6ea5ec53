import type { Own } from '../../../src/model/check.ts';
import { driverTraitsOf } from '../../../src/model/driver-traits.ts';
import { filesSay } from '../../../src/model/files.ts';
import {
  hostsOf,
  isScheduledBy,
  type LabSpec,
  type ServiceSpec,
  type VrrpSpec,
  vrrpInstancesOf,
} from '../../../src/model/spec.ts';
import { isIpv6 } from '../../../src/util/ipv6.ts';

/** Pairs of the lab as written in which a check of VRRP means what it means in its stage, by the lab's own timers. Machines that exist are left alone. */

interface Wanted {
  /** Whether the director of higher priority takes the VIP back; missing: no matter. */
  preempts?: boolean;
  /** It edits keepalived.conf as drlab writes it, or counts on where that is. */
  edits?: true;
  /** Advertisements go to everybody. */
  multicast?: true;
  /** A service that rr alone schedules. */
  rotates?: true;
  /** What else VRRP says, as a phrase. */
  also?: { words: string; says(vrrp: VrrpSpec): boolean };
  virtualMac?: true;
}

const takesTurns = (service: ServiceSpec): boolean =>
  service.protocol === 'tcp' &&
  isScheduledBy(service, 'rr') &&
  service.realServers.every(({ weight }) => weight > 0);

const isPair = (
  spec: LabSpec,
  { preempts, edits, multicast, rotates, also, virtualMac }: Wanted,
): boolean => {
  const { vrrp } = spec.director;
  const directors = hostsOf(spec, 'director');
  const [one, other, ...more] = vrrp?.priorities ?? [];
  return (
    driverTraitsOf(spec).existingHosts === undefined &&
    vrrp !== undefined &&
    (preempts === undefined || vrrp.preempt === preempts) &&
    vrrp.preemptDelayS === undefined &&
    (vrrp.virtualMac ?? false) === (virtualMac ?? false) &&
    (also?.says(vrrp) ?? true) &&
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

const preempting = { yes: 'the first of which preempts', no: 'neither of which preempts' };

export const ownPair = (wanted: Wanted): Own => ({
  subject: [
    'two directors with keepalived',
    ...(wanted.preempts === undefined ? [] : [preempting[wanted.preempts ? 'yes' : 'no']]),
    ...(wanted.virtualMac ? ['whose VIPs have the MAC address of the virtual router'] : []),
    ...(wanted.also ? [wanted.also.words] : []),
    ...(wanted.multicast ? ['which advertise to everybody'] : []),
    ...(wanted.rotates ? ['with a service of rr'] : []),
  ].join(', '),
  has: (spec) => isPair(spec, wanted),
});
