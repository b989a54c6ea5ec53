import { describe, expect, test } from 'vitest';
import { hostSpec, hostsOf } from '../spec.ts';
import { parseLab } from './index.ts';

const lab = (text: string) => parseLab(text, 'some/My Lab.yaml');

describe('defaults', () => {
  const spec = lab('{}');
  test('one client, one director, two real servers', () => {
    expect(spec.hosts.map((host) => `${host.name} ${host.ip}/${host.prefixLength} ${host.mac}`)).toEqual([
      'c1 198.18.250.1/16 02:0c:00:00:00:01',
      'd1 198.18.0.10/16 02:0d:00:00:00:01',
      'rs1 198.18.1.1/16 02:0e:00:00:00:01',
      'rs2 198.18.1.2/16 02:0e:00:00:00:02',
    ]);
    expect(spec.hosts.every((host) => host.gateway === undefined && host.segment === 'lan')).toBe(true);
  });
  test('the name comes from the file', () => {
    expect(spec.name).toBe('my-lab');
  });
  test('one service, DR and rr', () => {
    expect(spec.services).toEqual([
      {
        vip: '198.18.0.100',
        port: 80,
        protocol: 'tcp',
        scheduler: 'rr',
        forward: 'dr',
        persistenceS: 0,
        realServers: [
          { name: 'rs1', weight: 1 },
          { name: 'rs2', weight: 1 },
        ],
      },
    ]);
    expect(spec.director).toEqual({ kind: 'ipvsadm' });
    expect(spec.network).toEqual({ base: '198.18.0.0', prefixLength: 16, mtu: 1500 });
    expect(spec.hooks).toEqual({ afterApply: [], beforeTeardown: [] });
  });
  test('a real server has the VIP on lo', () => {
    expect(hostSpec(spec, 'rs1').server).toEqual({
      weight: 1,
      vipDevice: 'lo',
      vipPrefixLength: 32,
      delayMs: 0,
      bodyBytes: 0,
      listenOn: 'any',
      ownProcess: false,
    });
  });
});

describe('directors', () => {
  test('two with keepalived get VRRP and health checks', () => {
    expect(lab('directors: { count: 2, with: keepalived }').director).toEqual({
      kind: 'keepalived',
      vrrp: { version: 2, virtualRouterId: 51, advertMs: 1000, priorities: [150, 100], preempt: true },
      healthCheck: { intervalMs: 1000, timeoutMs: 1000, retries: 1 },
    });
  });
  test('a single keepalived has no VRRP unless the file asks', () => {
    expect(lab('directors: { with: keepalived, healthCheck: false }').director).toEqual({
      kind: 'keepalived',
    });
    expect(lab('directors: { with: keepalived, vrrp: {} }').director.vrrp?.priorities).toEqual([150]);
  });
  test('VRRP version 3 adverts, given priorities, health checks of one’s own', () => {
    const { director } = lab(
      `directors:
         count: 2
         with: keepalived
         vrrp: { version: 3, advert: 250ms, priorities: [90, 200], routerId: 7, preempt: false }
         healthCheck: { interval: 500ms, retries: 3 }`,
    );
    expect(director.vrrp).toEqual({
      version: 3,
      virtualRouterId: 7,
      advertMs: 250,
      priorities: [90, 200],
      preempt: false,
    });
    expect(director.healthCheck).toEqual({ intervalMs: 500, timeoutMs: 1000, retries: 3 });
  });
  test('default priorities fall and differ for the most directors there may be', () => {
    const priorities = lab('directors: { count: 10, with: keepalived }').director.vrrp?.priorities ?? [];
    expect(priorities).toEqual([150, 100, 90, 80, 70, 60, 50, 40, 30, 20]);
  });
  test('one by one', () => {
    const spec = lab(
      `directors: { with: keepalived, hosts: [ { name: east, ip: 198.18.7.7, mac: '02:AA:00:00:00:01' }, { link: { delay: 2ms } } ] }`,
    );
    expect(hostSpec(spec, 'east')).toMatchObject({ ip: '198.18.7.7', mac: '02:aa:00:00:00:01' });
    expect(hostSpec(spec, 'd2')).toMatchObject({ ip: '198.18.0.10', link: { delayUs: 2000 } });
    expect(spec.director.vrrp?.priorities).toEqual([150, 100]);
  });
});

describe('real servers', () => {
  test('counted, with common keys', () => {
    const spec = lab(
      'realServers: { count: 3, weight: 5, delay: 20ms, body: 1k, vipOn: dummy0, ownProcess: true }',
    );
    expect(hostsOf(spec, 'realServer').map((host) => host.name)).toEqual(['rs1', 'rs2', 'rs3']);
    expect(hostSpec(spec, 'rs3').server).toMatchObject({
      weight: 5,
      delayMs: 20,
      bodyBytes: 1000,
      vipDevice: 'dummy0',
      ownProcess: true,
    });
    expect(spec.services[0]?.realServers.map((server) => server.weight)).toEqual([5, 5, 5]);
  });
  test('one by one, with a link', () => {
    const spec = lab(
      'realServers: [ { name: web }, { weight: 0, link: { delay: 2ms, jitter: 1ms, loss: 1%, rate: 100mbit } } ]',
    );
    expect(hostSpec(spec, 'rs2').link).toEqual({
      delayUs: 2000,
      jitterUs: 1000,
      lossPercent: 1,
      rateBitPerS: 100_000_000,
    });
    expect(hostSpec(spec, 'web').link).toBeUndefined();
    expect(spec.services[0]?.realServers).toEqual([
      { name: 'web', weight: 1 },
      { name: 'rs2', weight: 0 },
    ]);
  });
});

describe('services', () => {
  test('weights of a service override those of the real servers, in the order of the list', () => {
    const spec = lab(`
realServers: { count: 3, weight: 2 }
services:
  - { port: 443, scheduler: wrr, persistence: 5min, realServers: [rs3, rs1], weights: { rs1: 9 } }`);
    expect(spec.services[0]).toMatchObject({
      port: 443,
      persistenceS: 300,
      realServers: [
        { name: 'rs3', weight: 2 },
        { name: 'rs1', weight: 9 },
      ],
    });
  });
  test('nftables schedules by hash', () => {
    expect(lab('directors: { with: nftables }').services[0]?.scheduler).toBe('sh');
  });
  test('a lab may have none', () => {
    expect(lab('services: []').services).toEqual([]);
  });
});

describe('a router', () => {
  const spec = lab('clients: [ {}, { via: router }, { name: far, via: router } ]');
  test('stands between the LAN and the routed clients', () => {
    expect(hostSpec(spec, 'router')).toMatchObject({
      ip: '198.18.0.1',
      mac: '02:0f:00:00:00:01',
      outside: { ip: '198.19.0.1', prefixLength: 24, mac: '02:0f:00:00:00:02' },
    });
    expect(hostSpec(spec, 'router').gateway).toBeUndefined();
  });
  test('is the gateway of both sides', () => {
    expect(hostSpec(spec, 'far')).toMatchObject({
      ip: '198.19.0.11',
      prefixLength: 24,
      gateway: '198.19.0.1',
      segment: 'outside',
    });
    for (const name of ['c1', 'd1', 'rs1']) expect(hostSpec(spec, name).gateway).toBe('198.18.0.1');
  });
  test('forwards, and nothing else does', () => {
    const forwarding = spec.hosts.filter((host) => host.sysctls['net.ipv4.ip_forward'] === '1');
    expect(forwarding.map((host) => host.name)).toEqual(['router']);
    expect(hostSpec(spec, 'router').sysctls).toHaveProperty(['net.ipv4.conf.eth1.rp_filter'], '0');
  });
});

test('masquerading: the director is the gateway of its real servers and forwards, the VIP is on it alone', () => {
  const spec = lab('{ clients: [ { via: router } ], services: [ { forward: nat } ] }');
  expect(hostSpec(spec, 'rs1').gateway).toBe(hostSpec(spec, 'd1').ip);
  expect(hostSpec(spec, 'd1').gateway).toBe('198.18.0.1');
  expect(hostSpec(spec, 'd1').sysctls['net.ipv4.ip_forward']).toBe('1');
  expect(hostSpec(spec, 'rs1').server?.vipDevice).toBe('none');
});

test('tunnelling: the real servers accept what the tunnel unpacks', () => {
  const spec = lab('services: [ { forward: tun, realServers: [rs1] } ]');
  expect(hostSpec(spec, 'rs1').sysctls['net.ipv4.conf.tunl0.rp_filter']).toBe('0');
  expect(hostSpec(spec, 'rs2').sysctls).not.toHaveProperty(['net.ipv4.conf.tunl0.rp_filter']);
  expect(hostSpec(spec, 'rs1').server?.vipDevice).toBe('lo');
});
