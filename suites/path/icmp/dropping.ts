import type { LabSpec } from '../../../src/model/spec.ts';

/** Shell texts of mutants: what firewalls that know no ICMP do to `eth0` of the host that they run on. */

export const dropIcmpFrom = (_spec?: LabSpec): string =>
  `tc qdisc add dev eth0 clsact
   tc filter add dev eth0 egress protocol ip u32 match ip protocol 1 0xff action drop`;

export const dropIcmpTo = (_spec?: LabSpec): string =>
  `tc qdisc add dev eth0 clsact
   tc filter add dev eth0 ingress protocol ip u32 match ip protocol 1 0xff action drop`;
