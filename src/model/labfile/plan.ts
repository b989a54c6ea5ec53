import type { Role, ServerSpec } from '../spec.ts';
import type { Path } from './problems.ts';
import { duration, size } from './quantities.ts';
import type { RawLab } from './schema.ts';
import type { RawMachine } from './schema-driver.ts';
import { plainServer, type RawServer } from './schema-hosts.ts';
import type { RawLink } from './schema-parts.ts';
import { plainServes } from './schema-serves.ts';
import type { RawWiring } from './schema-topology.ts';
import type { RawSysctls } from './sysctls.ts';

/** A host that the file asks for, before addresses are given out. */
export interface PlannedHost {
  name: string;
  role: Role;
  /** The file gives the name; it is not a default. */
  named: boolean;
  segment: 'lan' | 'outside';
  /** What it says about its interfaces and routes. */
  wiring: Partial<RawWiring>;
  /** A router that nobody wrote, since «via: router» needs one. */
  implied?: true;
  /** Where in the file it is written, for messages; hosts that are only counted share the path of the count. */
  path: Path;
  /** Counts from 1 within the role. */
  number: number;
  ip?: string | undefined;
  mac?: string | undefined;
  link?: RawLink | undefined;
  sysctls?: RawSysctls | undefined;
  /** Only with the driver that knows them. */
  image?: string | undefined;
  on?: string | undefined;
  device?: string | undefined;
  machine?: RawMachine | undefined;
  /** A folder, as the lab file names it. */
  files?: string | undefined;
  start?: string[] | undefined;
  server?: Omit<ServerSpec, 'vipDevice'> & { vipDevice: ServerSpec['vipDevice'] | undefined };
}

/** Of a lab that needs one and says nothing about it. */
const impliedRouter: PlannedHost = {
  name: 'router',
  named: false,
  role: 'router',
  segment: 'lan',
  wiring: {},
  implied: true,
  path: ['clients'],
  number: 1,
};

/** Clients, routers, directors, real servers, in this order. */
export function planHosts(raw: RawLab): PlannedHost[] {
  const clients = planClients(raw.clients);
  const routed = clients.some((client) => client.segment === 'outside');
  return [
    ...clients,
    ...planRouters(raw.routers),
    ...(routed && !raw.routers ? [impliedRouter] : []),
    ...planDirectors(raw.directors),
    ...planServers(raw.realServers),
  ];
}

function planClients(raw: RawLab['clients']): PlannedHost[] {
  const items: Exclude<RawLab['clients'], number> = typeof raw === 'number' ? repeat(raw, {}) : raw;
  return items.map((item, index) => ({
    ...planned(item, 'client', 'c', index, pathOf('clients', raw, index)),
    segment: item.via === 'router' ? 'outside' : 'lan',
  }));
}

const planRouters = (raw: RawLab['routers'] = []): PlannedHost[] =>
  raw.map((item, index) => ({
    ...planned(item, 'router', 'r', index, ['routers', index]),
    sysctls: item.sysctls,
  }));

function planDirectors(raw: RawLab['directors']): PlannedHost[] {
  const hosts = typeof raw === 'number' ? repeat(raw, {}) : (raw.hosts ?? repeat(raw.count ?? 1, {}));
  const listed = typeof raw === 'object' && raw.hosts !== undefined;
  return hosts.map((item, index) =>
    planned(item, 'director', 'd', index, listed ? ['directors', 'hosts', index] : ['directors']),
  );
}

function planServers(raw: RawLab['realServers']): PlannedHost[] {
  const items: RawServer[] =
    typeof raw === 'number' ? repeat(raw, plainServer) : Array.isArray(raw) ? raw : repeat(raw.count, raw);
  return items.map((item, index) => ({
    ...planned(item, 'realServer', 'rs', index, pathOf('realServers', raw, index)),
    sysctls: item.sysctls,
    image: item.image,
    server: {
      weight: item.weight,
      vipDevice: item.vipOn,
      vipPrefixLength: item.vipPrefix,
      delayMs: duration.read(item.delay) / 1000,
      ...(item.concurrency !== undefined && { concurrency: item.concurrency }),
      bodyBytes: size.read(item.body),
      listenOn: item.listenOn,
      ...(item.serves && { serves: plainServes(item.serves) }),
      ownProcess: item.ownProcess,
    },
  }));
}

interface RawHost extends Partial<RawWiring> {
  name?: string | undefined;
  ip?: string | undefined;
  mac?: string | undefined;
  link?: RawLink | undefined;
  on?: string | undefined;
  device?: string | undefined;
  machine?: RawMachine | undefined;
  files?: string | undefined;
  start?: string[] | undefined;
}

function planned(item: RawHost, role: Role, prefix: string, index: number, path: Path): PlannedHost {
  const { name = `${prefix}${index + 1}`, ip, mac, link, on, device, machine, files, start } = item;
  const { segment, interfaces, gateway, routes, rules } = item;
  return {
    name,
    named: item.name !== undefined,
    role,
    segment: 'lan',
    wiring: { segment, interfaces, gateway, routes, rules },
    path,
    number: index + 1,
    ip,
    mac: mac?.toLowerCase(),
    link,
    on,
    device,
    machine,
    files,
    start,
  };
}

const repeat = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const pathOf = (key: string, raw: unknown, index: number): Path =>
  Array.isArray(raw) ? [key, index] : [key];
