import { describe, expect, test } from 'vitest';
import type { DockerSpec, HostSpec, LabSpec } from '../../src/model/spec.ts';
import { LabUnavailable } from '../../src/util/errors.ts';
import type { LabOf } from '../base/driver.ts';
import { labOf } from '../base/testing/lab-of.ts';
import { earlySysctls, gatewayOf, guestContainer, hostContainer, type Surroundings } from './container.ts';
import { reach } from './hooks.ts';
import { lacksCapability } from './lacks.ts';
import { planHost } from './plan.ts';
import { checkSites, siteNames } from './site.ts';

const around: Surroundings = {
  prefix: 'drlab-0a1b2c3d',
  labels: { 'drlab.run': '0a1b2c3d' },
  image: { name: 'drlab-0a1b2c3d', binds: ['/usr:/usr:ro'], imported: true },
  apiVersion: '1.41',
  appArmor: false,
  command: ['perl', '-e', '1'],
};
const spec: LabOf<DockerSpec> = {
  ...labOf({ director: { kind: 'nftables' }, routed: true, server: { vipDevice: 'dummy0' } }),
  driver: { kind: 'docker', endpoint: 'own', network: 'macvlan', hosts: {} },
};
const named = (name: string): HostSpec => {
  const found = spec.hosts.find((host) => host.name === name);
  if (!found) throw new Error(name);
  return found;
};
const everything = { has: () => true, ipvs: true, virtualTime: false, protoDown: true };

describe('the container of a host', () => {
  const { HostConfig, ...options } = hostContainer(named('rs1'), 'lan', around);

  test('has its address and MAC address from the first moment, and the marks of its owner', () => {
    const rs1 = named('rs1');
    expect(options).toMatchObject({
      name: 'drlab-0a1b2c3d-rs1',
      Hostname: 'rs1',
      MacAddress: rs1.mac,
      Labels: { 'drlab.run': '0a1b2c3d', 'drlab.host': 'rs1' },
      NetworkingConfig: { EndpointsConfig: { lan: { IPAMConfig: { IPv4Address: rs1.ip } } } },
    });
  });

  test('gives its MAC address where newer Dockers want it', () => {
    const newer = hostContainer(named('rs1'), 'lan', { ...around, apiVersion: '1.44' });
    expect(newer).not.toHaveProperty('MacAddress');
    expect(newer.NetworkingConfig?.EndpointsConfig?.lan).toMatchObject({ MacAddress: named('rs1').mac });
  });

  test('may change its network and nothing else of the machine', () => {
    expect(HostConfig?.CapAdd).toEqual(['NET_ADMIN', 'NET_RAW']);
    expect(HostConfig).not.toHaveProperty('Privileged');
    expect(HostConfig?.ReadonlyPaths).toContain('/proc/sys/kernel');
    expect(HostConfig?.ReadonlyPaths).not.toContain('/proc/sys');
    expect(HostConfig?.Binds?.every((bind) => bind.endsWith(':ro'))).toBe(true);
  });

  test('goes when the one connection that feeds it does', () => {
    expect(options).toMatchObject({ OpenStdin: true, StdinOnce: true });
    expect(HostConfig?.AutoRemove).toBe(true);
  });

  test('answers no ARP request before its sysctls are set', () => {
    expect(HostConfig?.Sysctls).toMatchObject({ 'net.ipv4.conf.all.arp_ignore': '1' });
  });

  test('is freed of a profile only where there is one', () => {
    expect(HostConfig).not.toHaveProperty('SecurityOpt');
    const { HostConfig: freed } = hostContainer(named('rs1'), 'lan', { ...around, appArmor: true });
    expect(freed?.SecurityOpt).toEqual(['apparmor=unconfined']);
  });
});

test('sysctls of interfaces and modules that are not there yet wait', () => {
  const sysctls = {
    'net.ipv4.conf.eth0.rp_filter': '0',
    'net.ipv4.vs.conntrack': '0',
    'net.ipv4.ip_forward': '1',
    'net.ipv6.conf.all.disable_ipv6': '1',
  };
  expect(earlySysctls({ ...named('rs1'), sysctls })).toEqual({ 'net.ipv6.conf.all.disable_ipv6': '1' });
});

test("a user's image shares the network of its host and gets no rights of ours", () => {
  const { HostConfig, Image, Entrypoint } = guestContainer(named('rs1'), 'nginx', around);
  expect(HostConfig).toEqual({ NetworkMode: 'container:drlab-0a1b2c3d-rs1' });
  expect([Image, Entrypoint]).toEqual(['nginx', undefined]);
});

describe('the address that Docker wants for a gateway', () => {
  test('is the highest one', () => {
    expect(gatewayOf(spec, spec.network)).toBe('198.18.255.254');
  });

  test('is none that the lab uses', () => {
    const network = { base: '198.18.0.96', prefixLength: 29, mtu: 1500 };
    const host = { ...named('rs1'), ip: '198.18.0.102' };
    const small: LabSpec = { ...spec, hosts: [host, { ...host, ip: '198.18.0.101' }] };
    expect(gatewayOf(small, network)).toBe('198.18.0.99');
    const full = [97, 98, 99, 101, 102].map((last) => ({ ...host, ip: `198.18.0.${last}` }));
    expect(() => gatewayOf({ ...spec, hosts: full }, network)).toThrow(LabUnavailable);
  });
});

describe('what is applied to a container', () => {
  test('replaces the address and the default route that Docker gave', () => {
    const text = planHost(spec, named('rs1')).batches[0]?.text ?? '';
    const lines = text.trim().split('\n');
    expect(lines.indexOf('addr flush dev eth0')).toBeLessThan(
      lines.findIndex((line) => /^addr add .* eth0$/.test(line)),
    );
    expect(lines).toContain('route add default via 198.18.0.1');
    expect(lines).toContain('link add dummy0 type dummy');
  });

  test('gives the router its outside', () => {
    const text = planHost(spec, named('router')).batches[0]?.text ?? '';
    expect(text).toMatch(
      /link set eth1 address 02:00:00:00:fe:01.*addr flush dev eth1.*198\.19\.0\.1\/24 brd \+ dev eth1/s,
    );
  });

  test('impairs a link in both directions', () => {
    const link = { delayUs: 2000, jitterUs: 0, lossPercent: 0, rateBitPerS: 0 };
    const tc = planHost(spec, { ...named('rs1'), link }).batches[1]?.text ?? '';
    expect(tc).toMatch(/dev eth0 root netem .*delay 2000us/);
    expect(tc).toMatch(/dev ifb0 root netem .*delay 2000us/);
    expect(planHost(spec, named('rs1')).batches[1]?.text).toBe('');
  });
});

describe('capabilities', () => {
  test('are those of namespaces', () => {
    expect(lacksCapability('severalRealServers', spec, everything)).toBeUndefined();
    expect(lacksCapability('ipvs', spec, everything)).toMatch(/nftables director/);
    expect(lacksCapability('capture', spec, { ...everything, has: () => false })).toMatch(/tcpdump/);
  });

  test('an image that does not say its name cannot be judged by who answered', () => {
    const hosts = spec.hosts.map((host) =>
      host.name === 'rs1' ? { ...host, container: { image: 'nginx' } } : host,
    );
    expect(lacksCapability('severalRealServers', { ...spec, hosts }, everything)).toMatch(
      /rs1 serves from an image/,
    );
    expect(lacksCapability('capture', { ...spec, hosts }, everything)).toBeUndefined();
  });

  test('a kernel that leaves macvlan its carrier cannot cut a link', () => {
    expect(lacksCapability('linkFault', spec, { ...everything, protoDown: false })).toMatch(/Linux 5\.8/);
    const bridge: LabOf<DockerSpec> = {
      ...spec,
      driver: { kind: 'docker', endpoint: 'own', network: 'bridge', hosts: {} },
    };
    expect(lacksCapability('linkFault', bridge, { ...everything, protoDown: false })).toBeUndefined();
  });
});

describe('several Docker hosts', () => {
  const on = (name: string, where: string): LabSpec => ({
    ...spec,
    hosts: spec.hosts.map((host) => (host.name === name ? { ...host, container: { on: where } } : host)),
  });

  test('are the ones that hosts live on', () => {
    expect(siteNames(on('rs2', 'a'))).toEqual(['', 'a']);
  });

  test('do not separate the router from its clients', () => {
    expect(() => checkSites(on('rs2', 'a'))).not.toThrow();
    expect(() => checkSites(on('outside1', 'a'))).toThrow(/one Docker host/);
  });
});

test('a hook reaches a container by the words that reach a namespace', () => {
  const host = { name: 'rs1', container: 'drlab-x-rs1' } as Parameters<typeof reach>[0][number]['host'];
  const text = reach([{ host, endpoint: 'unix:///run/d.sock' }]);
  expect(text).toContain(
    `'netns exec rs1') shift 3; docker -H 'unix:///run/d.sock' exec -i $([ ! -t 0 ] || echo -t) 'drlab-x-rs1' "$@" ;;`,
  );
});
