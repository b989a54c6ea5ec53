import type {
  DirectorSpec,
  HostSpec,
  LabSpec,
  Role,
  ServerSpec,
  ServiceSpec,
} from '../../../src/model/spec.ts';

/** Labs for tests, written by hand: sizes, a kind of director, and what differs from a lab that works. */
export interface Wanted {
  director: DirectorSpec;
  directors?: number;
  realServers?: number;
  clients?: number;
  services?: Partial<ServiceSpec>[];
  server?: Partial<ServerSpec>;
  /** Adds a router and one client behind it. */
  routed?: boolean;
}

const vip = '198.18.0.100';
const sysctls: Record<Role, Record<string, string>> = {
  client: { 'net.ipv4.conf.all.rp_filter': '0' },
  router: { 'net.ipv4.ip_forward': '1', 'net.ipv4.conf.all.rp_filter': '0' },
  director: {
    'net.ipv4.ip_forward': '1',
    'net.ipv4.conf.all.rp_filter': '0',
    'net.ipv4.conf.all.send_redirects': '0',
  },
  realServer: {
    'net.ipv4.conf.all.arp_ignore': '1',
    'net.ipv4.conf.all.arp_announce': '2',
    'net.ipv4.conf.all.rp_filter': '0',
  },
};

export function labOf(wanted: Wanted): LabSpec {
  let count = 0;
  const host = (role: Role, name: string, more: Partial<HostSpec> = {}): HostSpec => {
    const number = ++count;
    const [high, low] = [number >> 8, number & 255];
    const hex = (byte: number) => byte.toString(16).padStart(2, '0');
    return {
      name,
      role,
      ip: `198.18.${high + 1}.${low}`,
      prefixLength: 16,
      mac: `02:00:00:00:${hex(high)}:${hex(low)}`,
      sysctls: sysctls[role],
      segment: 'lan',
      ...more,
    };
  };
  const several = (length: number, one: (n: number) => HostSpec) =>
    Array.from({ length }, (_, i) => one(i + 1));
  const server: ServerSpec = {
    weight: 1,
    vipDevice: 'lo',
    vipPrefixLength: 32,
    delayMs: 0,
    bodyBytes: 0,
    listenOn: 'any',
    ownProcess: false,
    ...wanted.server,
  };
  const gateway = wanted.routed ? { gateway: '198.18.0.1' } : {};
  const realServers = several(wanted.realServers ?? 3, (n) =>
    host('realServer', `rs${n}`, { server, ...gateway }),
  );
  return {
    name: 'fixture',
    driver: { kind: 'netns' },
    network: { base: '198.18.0.0', prefixLength: 16, mtu: 1500 },
    hosts: [
      ...several(wanted.clients ?? 1, (n) => host('client', `client${n}`, gateway)),
      ...(wanted.routed ? routed(host) : []),
      ...several(wanted.directors ?? 1, (n) => host('director', `dir${n}`, gateway)),
      ...realServers,
    ],
    director: wanted.director,
    services: (wanted.services ?? [{}]).map((service) => ({
      vip,
      port: 80,
      protocol: 'tcp',
      scheduler: 'rr',
      forward: 'dr',
      persistenceS: 0,
      realServers: realServers.map(({ name }) => ({ name, weight: server.weight })),
      ...service,
    })),
    hooks: { afterApply: [], beforeTeardown: [] },
  };
}

function routed(host: (role: Role, name: string, more: Partial<HostSpec>) => HostSpec): HostSpec[] {
  return [
    host('router', 'router', {
      ip: '198.18.0.1',
      outside: { ip: '198.19.0.1', prefixLength: 24, mac: '02:00:00:00:fe:01' },
    }),
    host('client', 'outside1', {
      ip: '198.19.0.10',
      prefixLength: 24,
      gateway: '198.19.0.1',
      segment: 'outside',
    }),
  ];
}
