import { type HostSpec, hostsOf, type LabSpec } from './spec.ts';
import { type Leg, lanOf, legOn } from './topology.ts';

/** Who speaks BGP with whom: each director with each router on the segment of the VIPs. */
export interface Speaker {
  host: HostSpec;
  leg: Leg;
}

const onLan = (spec: LabSpec, hosts: HostSpec[]): Speaker[] =>
  hosts.flatMap((host) => {
    const leg = legOn(spec, host, lanOf(spec));
    return leg ? [{ host, leg }] : [];
  });

/** Routers that the VIPs are announced to; none where nothing is announced. */
export const listenersOf = (spec: LabSpec): Speaker[] =>
  spec.director.announce ? onLan(spec, hostsOf(spec, 'router')) : [];

/** Directors that announce the VIPs. */
export const announcersOf = (spec: LabSpec): Speaker[] =>
  spec.director.announce ? onLan(spec, hostsOf(spec, 'director')) : [];
