import { hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { afterApply } from './mutate.ts';
import { type Change, firstServers, oneIpvsDirector, services, stage } from './stages.ts';

/*
 * One lab, three real servers, each with the VIP held in another way:
 *
 *   rs1  VIP/32 on lo, labelled lo:0, as ifconfig calls it
 *   rs2  VIP/32 on dummy0
 *   rs3  no address: ip route add local VIP dev lo
 */

export const labelled = 0;
export const onDummy = 1;
export const byRoute = 2;

/** Shell text on the real server at this place; it is handed the VIP and the LAN's prefix length. */
export const onServerAt = (place: number, text: (vip: string, prefixLength: number) => string): Change =>
  afterApply((spec) => {
    const name = hostsOf(spec, 'realServer')[place]?.name;
    return `ip netns exec ${name} sh -ec '${text(vipsOf(spec)[0] ?? '', spec.network.prefixLength)}'`;
  });

/** The VIP's device by place: `lo`, `dummy0`, none. */
function devices(spec: LabSpec): LabSpec {
  const changed = structuredClone(spec);
  for (const [place, { server }] of hostsOf(changed, 'realServer').entries())
    if (server) server.vipDevice = place === onDummy ? 'dummy0' : place === byRoute ? 'none' : 'lo';
  return changed;
}

/** Checks of what a VIP is held by share this lab. */
export const holders = stage(
  'vip-holders',
  'one director set with ipvsadm; the VIP is on lo:0 of one real server, on dummy0 of the next, a local route of the third',
  oneIpvsDirector,
  firstServers(3),
  services({ port: 80 }),
  devices,
  // Where a mutant has it elsewhere, there is nothing to label.
  onServerAt(
    labelled,
    (vip) => `if ip addr del ${vip}/32 dev lo 2>&1; then ip addr add ${vip}/32 dev lo label lo:0; fi`,
  ),
  onServerAt(byRoute, (vip) => `ip route add local ${vip} dev lo`),
);
