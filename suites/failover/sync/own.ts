import type { Own } from '../../../src/model/check.ts';
import { isSetByHand } from '../../../src/model/director-kinds.ts';
import { driverTraitsOf } from '../../../src/model/driver-traits.ts';
import { filesSay } from '../../../src/model/files.ts';
import { isDirect } from '../../../src/model/forwarding.ts';
import {
  deviceOf,
  hostsOf,
  type LabSpec,
  type ServiceSpec,
  vrrpInstancesOf,
} from '../../../src/model/spec.ts';
import { isOnLan } from '../../../src/model/topology.ts';
import { isIpv6 } from '../../../src/util/ipv6.ts';

/** Pairs of the lab as written whose sync daemons say what those of the stages do. Machines that exist are left alone. */

interface Wanted {
  /** `hand`: nobody but drlab moves the VIP. `vrrp`: keepalived does. */
  moved: 'hand' | 'vrrp' | 'either';
  /** Another id than 0, which takes messages of all. */
  named?: true;
  /** A persistent service as well. */
  persistent?: true;
  disturbs?: true;
}

const carries = (service: ServiceSpec): boolean =>
  service.protocol === 'tcp' &&
  isDirect(service) &&
  !isIpv6(service.vip) &&
  service.mark === undefined &&
  !service.allPorts &&
  service.realServers.filter(({ weight }) => weight > 0).length > 1;

/** The first service of the lab as written whose connections each have an entry of their own. */
export const plainService = (spec: LabSpec): ServiceSpec | undefined =>
  spec.services.find((one) => carries(one) && one.persistenceS === 0);

export const persistentService = (spec: LabSpec): ServiceSpec | undefined =>
  spec.services.find((one) => carries(one) && one.persistenceS > 0 && one.vip === plainService(spec)?.vip);

/** Sysctls with which daemons tell something else, or a director does something else with it. */
const otherwise = /^net\.ipv4\.vs\.(sync_|sloppy_|backup_only)/;

const movedBy = (spec: LabSpec, moved: Wanted['moved']): boolean => {
  const byVrrp = spec.director.vrrp !== undefined && vrrpInstancesOf(spec).length === 1;
  const byHand = isSetByHand(spec.director.kind);
  return (moved !== 'hand' && byVrrp) || (moved !== 'vrrp' && byHand);
};

const isSynced = (spec: LabSpec, { moved, named, persistent }: Wanted): boolean => {
  const { sync, announce } = spec.director;
  const directors = hostsOf(spec, 'director');
  const [client] = hostsOf(spec, 'client');
  return (
    sync !== undefined &&
    announce === undefined &&
    sync.group === undefined &&
    sync.port === undefined &&
    sync.ttl === undefined &&
    directors.length === 2 &&
    directors.every(
      (host) =>
        (sync.device ?? deviceOf(host)) === deviceOf(host) &&
        !filesSay(host, 'directing') &&
        !filesSay(host, 'sysctls') &&
        !Object.entries(host.sysctls).some(([key, value]) => otherwise.test(key) && value !== '0'),
    ) &&
    driverTraitsOf(spec).existingHosts === undefined &&
    client !== undefined &&
    isOnLan(spec, client) &&
    plainService(spec) !== undefined &&
    (!persistent || persistentService(spec) !== undefined) &&
    (!named || sync.id !== 0) &&
    movedBy(spec, moved)
  );
};

const words = { hand: 'set with ipvsadm', vrrp: 'with keepalived', either: '' };

export const ownSynced = (wanted: Wanted): Own => ({
  subject: [
    `two directors ${words[wanted.moved]}`.trim(),
    `with sync daemons${wanted.named ? ' of an id other than 0' : ''}`,
    ...(wanted.persistent ? ['with a persistent service'] : []),
  ].join(', '),
  has: (spec) => isSynced(spec, wanted),
  ...(wanted.disturbs && { disturbs: true }),
});
