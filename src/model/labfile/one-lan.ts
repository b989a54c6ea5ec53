import { formatIpv4, parseNetwork } from '../../util/ipv4.ts';
import type { SyncSpec } from '../director.ts';
import { reachedBy } from '../forwarding.ts';
import type { DirectorSpec, HostSpec, LabSpec, ServiceSpec } from '../spec.ts';
import { deviceOf, hostsOf, vipsOf } from '../spec.ts';
import { lanOf } from '../topology.ts';
import type { Addressed } from './addressed.ts';
import { layoutOf } from './addresses.ts';
import { giveAddresses } from './addressing.ts';
import type { PlannedHost } from './plan.ts';
import { Problems } from './problems.ts';
import { defaultNetworks } from './schema-topology.ts';

/**
 * The same hosts, directors and services on one LAN, with at most one router: for stages, whose subject are the kernel
 * and its daemons, whatever the lab is cabled like. Hooks are left out, since they name what is no longer there.
 */
export function onOneLan(spec: LabSpec): LabSpec {
  if (!spec.segments) return spec;
  const [lan, outside] = [parseNetwork(defaultNetworks.subnet), parseNetwork(defaultNetworks.outside)];
  if (!lan || !outside) throw new Error('the networks of a lab that says nothing are none');
  const routed = hostsOf(spec, 'client').some((client) => client.segment !== lanOf(spec));
  const router = routed ? hostsOf(spec, 'router').find((one) => one.outside) : undefined;
  const kept = spec.hosts.filter((host) => host.role !== 'router' || host === router);
  const problems = new Problems(spec.name, () => ({ line: 1, column: 1 }));
  const { vip } = layoutOf(lan.prefixLength);
  const vips = new Map(vipsOf(spec).map((one, i) => [one, formatIpv4(lan.base + vip + i)]));
  const planned = kept.map((host) => plannedAs(host, spec, router !== undefined));
  const addressed = giveAddresses(
    planned,
    { lan, outside },
    [...vips.keys()].map((_, i) => lan.base + vip + i),
    problems,
  );
  problems.throwIfAny();
  const at = new Map(addressed.map((one) => [one.name, one]));
  const nat = reachedBy(spec.services, 'nat');
  const { segments: _, ...rest } = spec;
  return {
    ...rest,
    network: { base: formatIpv4(lan.base), prefixLength: lan.prefixLength, mtu: 1500 },
    hosts: kept.map((host) => moved(host, at, nat.has(host.name))),
    director: directorWith(spec, vips),
    services: spec.services.map(
      (service): ServiceSpec => ({ ...service, vip: vips.get(service.vip) ?? service.vip }),
    ),
    hooks: { afterApply: [], beforeTeardown: [] },
  };
}

function plannedAs(host: HostSpec, spec: LabSpec, routed: boolean): PlannedHost {
  const { name, role } = host;
  const number = hostsOf(spec, role).indexOf(host) + 1;
  const isOutside = role === 'client' && routed && host.segment !== lanOf(spec);
  return { name, role, number, named: true, segment: isOutside ? 'outside' : 'lan', wiring: {}, path: [] };
}

const ofItsPlace = [
  'interfaces',
  'routes',
  'rules',
  'device',
  'ip6',
  'addresses',
  'gateway',
  'outside',
] as const;

function moved(host: HostSpec, at: Map<string, Addressed>, masqueraded: boolean): HostSpec {
  const plain = { ...host };
  for (const key of ofItsPlace) delete plain[key];
  const place = at.get(host.name);
  if (!place) throw new Error(`${host.name} was given no address`);
  const all = [...at.values()];
  const router = all.find(({ role }) => role === 'router');
  const director = all.find(({ role }) => role === 'director');
  const wayOut = place.segment === 'outside' ? router?.outside?.ip : router?.ip;
  const gateway = host.role === 'router' ? undefined : masqueraded ? director?.ip : wayOut;
  const { ip, prefixLength, mac, segment, outside } = place;
  return {
    ...{ ...plain, ip, prefixLength, mac, segment },
    sysctls: sysctlsOn(host),
    ...(outside && { outside }),
    ...(gateway !== undefined && { gateway }),
  };
}

/** What was set on the interface of its own is set on eth0, and what was set on others is not. */
function sysctlsOn(host: HostSpec): Record<string, string> {
  const names = new Map((host.interfaces ?? []).map(({ name, mac }) => [name.replaceAll('.', '/'), mac]));
  const own = deviceOf(host).replaceAll('.', '/');
  return Object.fromEntries(
    Object.entries(host.sysctls).flatMap(([key, value]): [string, string][] => {
      const [, head = '', device = '', tail = ''] =
        /^(net\.ipv[46]\.(?:conf|neigh)\.)([^.]+)(\..*)$/.exec(key) ?? [];
      if (!names.has(device)) return [[key, value]];
      if (device === own) return [[`${head}eth0${tail}`, value]];
      return names.get(device) === host.outside?.mac ? [[`${head}eth1${tail}`, value]] : [];
    }),
  );
}

const withoutDevice = ({ device: _, ...sync }: SyncSpec): SyncSpec => sync;

function directorWith({ director, hosts }: LabSpec, vips: Map<string, string>): DirectorSpec {
  const { vrrp, sync } = director;
  const device = (name: string): string[] =>
    hosts.some((host) => host.role === 'director' && deviceOf(host) === name) ? ['eth0'] : [];
  return {
    ...director,
    ...(vrrp && {
      vrrp: {
        ...vrrp,
        ...(vrrp.instances && {
          instances: vrrp.instances.map((one) => ({
            ...one,
            vips: one.vips.map((vip) => vips.get(vip) ?? vip),
          })),
        }),
        ...(vrrp.trackInterfaces && {
          trackInterfaces: vrrp.trackInterfaces.flatMap((one) =>
            device(one.device).map((name) => ({ ...one, device: name })),
          ),
        }),
      },
    }),
    ...(sync && { sync: withoutDevice(sync) }),
  };
}
