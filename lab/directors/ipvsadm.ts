import {
  addressBeside,
  type Destination,
  hostSpec,
  type LabSpec,
  type ServiceSpec,
  vipsOf,
} from '../../src/model/spec.ts';
import { endpoint } from '../../src/util/ipv6.ts';
import { feed, isActive, vipAddresses } from './active.ts';
import { type Kind, nothing } from './kind.ts';

const methodFlag = { dr: '-g', tun: '-i', nat: '-m' } as const;

/** Rules for `ipvsadm -R`, as `ipvsadm -S -n` prints them. */
export const ipvsRules = (spec: LabSpec): string =>
  spec.services.map((service) => serviceRules(spec, service)).join('');

function serviceRules(spec: LabSpec, service: ServiceSpec): string {
  const name = `-${service.protocol === 'udp' ? 'u' : 't'} ${endpoint(service.vip, service.port)}`;
  const options = [
    ...(service.schedulerFlags?.length ? ['-b', service.schedulerFlags.join(',')] : []),
    ...(service.persistenceS > 0 ? ['-p', String(service.persistenceS)] : []),
    ...(service.persistenceMask === undefined ? [] : ['-M', service.persistenceMask]),
    ...(service.onePacket ? ['-o'] : []),
  ].map((word) => ` ${word}`);
  const servers = service.realServers.map((server) => {
    const address = endpoint(addressBeside(hostSpec(spec, server.name), service.vip), service.port);
    return `-a ${name} -r ${address} ${methodFlag[service.forward]} -w ${server.weight}${limits(server)}\n`;
  });
  return `-A ${name} -s ${service.scheduler}${options.join('')}\n${servers.join('')}`;
}

const limits = ({ upperThreshold = 0, lowerThreshold = 0 }: Destination): string =>
  `${upperThreshold > 0 ? ` -x ${upperThreshold}` : ''}${lowerThreshold > 0 ? ` -y ${lowerThreshold}` : ''}`;

/** IPVS set by hand: the first director holds the VIPs and the rules, others stand by empty. */
export const ipvsadm: Kind = {
  checksHealth: false,
  configs: (spec, director) =>
    isActive(spec, director)
      ? [
          { host: director.name, name: 'ip -batch (VIPs)', text: vipAddresses(spec, director) },
          { host: director.name, name: 'ipvsadm-restore', text: ipvsRules(spec) },
        ]
      : [],
  async apply(spec, director, host) {
    if (!isActive(spec, director)) return undefined;
    await host.exec(
      `set -e # VIPs, then rules for ipvsadm -R\n${feed('ip -batch -', vipAddresses(spec, director))}${feed('ipvsadm -R', ipvsRules(spec))}`,
    );
    return undefined;
  },
  holds: (spec, director) =>
    isActive(spec, director) ? { vips: vipsOf(spec), ipvsServices: spec.services, withinMs: 5_000 } : nothing,
};
