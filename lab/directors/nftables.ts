import {
  deviceOf,
  type HostSpec,
  hostSpec,
  type LabSpec,
  type ServiceSpec,
  vipsOf,
} from '../../src/model/spec.ts';
import { legTo, ownLeg } from '../../src/model/topology.ts';
import { feed, isActive, vipAddresses } from './active.ts';
import { type Director, nothing } from './director.ts';

/**
 * Direct routing without IPVS: frames for a VIP leave by the interface they came in on, with the real server's
 * MAC address. Which one is a hash of client address and port, so a connection stays where it is.
 */
export function nftRuleset(spec: LabSpec, director: HostSpec): string {
  const rules = spec.services
    .filter((service) => slots(service).length > 0)
    .map((s) => rule(spec, director, s));
  return `table netdev drlab {
 chain balance {
  type filter hook ingress device "${deviceOf(director)}" priority 0; policy accept;
${rules.map((text) => `  ${text}\n`).join('')} }
}
`;
}

function rule(spec: LabSpec, director: HostSpec, service: ServiceSpec): string {
  const macs = slots(service).map((name, slot) => `${slot} : ${hostSpec(spec, name).mac}`);
  const [first] = service.realServers;
  const out = first ? legTo(spec, director, hostSpec(spec, first.name)) : ownLeg(director);
  const key = service.persistenceS > 0 ? 'ip saddr' : `ip saddr . ${service.protocol} sport`;
  return [
    `ip daddr ${service.vip} ${service.protocol} dport ${service.port} counter`,
    `ether saddr set ${out.mac}`,
    `ether daddr set jhash ${key} mod ${macs.length} seed 0x5eed map { ${macs.join(', ')} }`,
    `fwd to "${out.device}"`,
  ].join(' ');
}

/** A real server of weight 3 gets three slots of the hash. */
const slots = (service: ServiceSpec): string[] =>
  service.realServers.flatMap(({ name, weight }) => Array<string>(weight).fill(name));

/** The first director holds the VIPs and the rules; others stand by empty. It knows no scheduler and no health. */
export const nftables: Director = {
  logs: [],
  configs: (spec, director) =>
    isActive(spec, director)
      ? [
          { host: director.name, name: 'ip -batch (VIPs)', text: vipAddresses(spec, director) },
          { host: director.name, name: 'nftables.conf', text: nftRuleset(spec, director) },
        ]
      : [],
  async apply(spec, director, host) {
    if (!isActive(spec, director)) return undefined;
    await host.exec(
      `set -e # VIPs, then rules for nft -f\n${feed('ip -batch -', vipAddresses(spec, director))}${feed('nft -f -', nftRuleset(spec, director))}`,
    );
    return undefined;
  },
  holds: (spec, director) =>
    isActive(spec, director) ? { vips: vipsOf(spec), ipvsServices: [], withinMs: 5_000 } : nothing,
};
