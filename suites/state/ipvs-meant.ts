import { hasDaemon, hasIpvs, takeOverOf, traitsOf } from '../../src/model/director-kinds.ts';
import { driverTraitsOf } from '../../src/model/driver-traits.ts';
import { destinationOf, entryOf, inTable, methodFlag } from '../../src/model/ipvs-words.ts';
import {
  type Destination,
  type DirectorKind,
  type HostSpec,
  healthCheckOf,
  type LabSpec,
  type ServiceSpec,
} from '../../src/model/spec.ts';
import { syncOptionsOf, syncWords } from '../../src/model/sync-words.ts';
import { flagNames } from '../../src/probe/state/index.ts';
import { setWords, timeoutsMeant } from '../common/timeouts.ts';
import type { Meant } from './compare.ts';
import { movesVips, vipHolder } from './directing.ts';

/** What a lab file means for IPVS and the daemons of one host. Pure. */

function timeoutsOf({ director }: LabSpec, { role }: HostSpec): string {
  const told = role === 'director' ? director : { kind: director.kind };
  return setWords(timeoutsMeant({ director: told }));
}

export function ipvsMeant(spec: LabSpec, host: HostSpec): Meant[] {
  const timeouts: Meant = {
    kind: 'timeouts',
    key: '--set',
    value: timeoutsOf(spec, host),
    optional: true,
  };
  const ofHost = driverTraitsOf(spec).existingHosts === undefined ? [timeouts] : [];
  if (host.role !== 'director' || !hasIpvs(spec.director.kind)) return ofHost;
  return [...ofHost, ...rulesMeant(spec, host), ...syncMeant(spec, host), ...daemonsMeant(spec)];
}

function rulesMeant(spec: LabSpec, host: HostSpec): Meant[] {
  const { kind, sync } = spec.director;
  const isHolder = vipHolder(spec)?.name === host.name;
  // heartbeat starts ldirectord where the VIPs are, which may be here.
  const mayHave = movesVips(spec) && !spec.director.vrrp;
  if (!mayHave && !isHolder && !writesRulesEverywhere(kind) && !sync) return [];
  return inTable(spec.services)
    .flatMap((service) => serviceMeant(spec, service))
    .map((one) => (mayHave ? { ...one, optional: true } : one));
}

/** With VRRP each director has the rules, whoever has the VIPs. */
const writesRulesEverywhere = (kind: DirectorKind): boolean => takeOverOf(kind) === 'vrrp';

function serviceMeant(spec: LabSpec, service: ServiceSpec): Meant[] {
  const { scheduler, schedulerFlags = [], persistenceS, persistenceMask } = service;
  const name = entryOf(service);
  const value = [
    `-s ${scheduler}`,
    ...(schedulerFlags.length > 0 ? [`-b ${flagNames(schedulerFlags)}`] : []),
    ...(persistenceS > 0 ? [`-p ${persistenceS}`] : []),
    ...(persistenceS > 0 && persistenceMask !== undefined && !isWhole(persistenceMask)
      ? [`-M ${persistenceMask}`]
      : []),
    ...(service.onePacket ? ['-o'] : []),
    ...(service.persistenceEngine ? [`--pe ${service.persistenceEngine}`] : []),
  ].join(' ');
  const rule: Meant = { kind: 'service', key: name, value };
  const { sorryServer } = service;
  const isRegular = service.realServers.some((one) => one.name === sorryServer);
  return [
    rule,
    ...service.realServers.map((server) => destinationMeant(spec, service, name, server)),
    ...(sorryServer === undefined || isRegular
      ? []
      : [
          {
            ...destinationMeant(spec, service, name, { name: sorryServer, weight: 1 }),
            optional: true as const,
          },
        ]),
  ];
}

const isWhole = (mask: string): boolean => mask === '255.255.255.255' || mask === '128';

/** What a daemon checks it may also take away, or leave with weight 0 where it is told to. */
function destinationMeant(spec: LabSpec, service: ServiceSpec, name: string, server: Destination): Meant {
  const { weight, upperThreshold = 0, lowerThreshold = 0 } = server;
  const limits = `${upperThreshold > 0 ? ` -x ${upperThreshold}` : ''}${lowerThreshold > 0 ? ` -y ${lowerThreshold}` : ''}`;
  const valued = (w: number): string => `${methodFlag(service, server.name)} -w ${w}${limits}`;
  const isChecked = hasDaemon(spec.director.kind) && healthCheckOf(spec, service) !== undefined;
  return {
    kind: 'destination',
    key: `${name} ${destinationOf(spec, service, server.name)}`,
    value: valued(weight),
    ...(isChecked && service.inhibitOnFailure && { orElse: [valued(0)] }),
    ...(isChecked && (!service.inhibitOnFailure || service.quorum) && { optional: true as const }),
  };
}

/** keepalived gives the roles with the VIPs; set by hand they stay. */
function syncMeant(spec: LabSpec, host: HostSpec): Meant[] {
  const { sync, kind } = spec.director;
  if (!sync) return [];
  if (hasDaemon(kind))
    return (['master', 'backup'] as const).map(
      (role): Meant => ({ ...daemonMeant(spec, host, role), optional: true }),
    );
  return [daemonMeant(spec, host, vipHolder(spec)?.name === host.name ? 'master' : 'backup')];
}

/** A backup is ready for 1024 bytes at least, and for what fits into its MTU where nothing else is said (ip_vs_sync.c). */
function daemonMeant({ director, network }: LabSpec, host: HostSpec, role: 'master' | 'backup'): Meant {
  const options = syncOptionsOf(director.sync ?? { id: 0 }, host);
  const { maxLength } = options;
  const least = role === 'backup' ? 1024 : 0;
  return {
    kind: 'sync',
    key: role,
    value: syncWords(
      maxLength === undefined ? options : { ...options, maxLength: Math.max(least, maxLength) },
    ),
    ...(maxLength === undefined &&
      role === 'backup' && { orElse: [syncWords({ ...options, maxLength: network.mtu - 28 })] }),
  };
}

/** What is not always seen under its name is not missed; that it works is seen elsewhere. */
const daemonsMeant = (spec: LabSpec): Meant[] =>
  (traitsOf(spec).daemons ?? []).map(
    ({ name, elusive }): Meant => ({
      kind: 'daemon',
      key: name,
      value: 'running',
      ...(elusive && { optional: true }),
    }),
  );
