import type { HostSpec } from '../spec.ts';
import type { PlannedHost } from './plan.ts';

/** How a host with interfaces finds its way. */
export interface Routing extends Pick<HostSpec, 'routes' | 'rules'> {
  gateway?: string;
}

/** A host with its addresses, still without gateway, sysctls and the VIP's device. */
export type Addressed = Omit<PlannedHost, 'segment'> &
  Required<Pick<HostSpec, 'ip' | 'prefixLength' | 'mac' | 'segment'>> &
  Pick<HostSpec, 'outside' | 'interfaces' | 'ip6'> & {
    /** Of a lab whose hosts say more than an address each. */
    routing?: Routing;
  };
