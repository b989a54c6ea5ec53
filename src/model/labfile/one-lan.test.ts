import { expect, it } from 'vitest';
import { hostSpec } from '../spec.ts';
import { parseLab } from './index.ts';
import { onOneLan } from './one-lan.ts';

const lab = parseLab(
  `segments: { front: 198.18.1.0/24, back: 203.0.113.0/24, world: 198.51.100.0/24 }
routers: [{ interfaces: { a: { on: front }, b: { on: back }, c: { on: world } } }]
directors:
  with: keepalived
  hosts:
    - { interfaces: { ens1: { on: front }, bond0: { of: [x, y], on: back } } }
    - { interfaces: { ens1: { on: front }, bond0: { of: [x, y], on: back } } }
  vrrp: { trackInterfaces: [{ device: ens1 }, { device: bond0 }] }
realServers: { count: 3, segment: back, sysctls: { net.ipv4.tcp_syncookies: 0 } }
clients: [{ segment: world }, { segment: front }]
services: [{ vip: 198.18.1.7 }, { vip: 198.18.1.8, port: 443 }]
sysctls: { directors: { net.ipv4.conf.ens1.arp_filter: 1, net.ipv4.conf.bond0.arp_filter: 1 } }
hooks: { afterApply: ["ip -n d1 link set ens1 up"] }`,
  'lab.yaml',
);
const plain = onOneLan(lab);

it('has the same hosts, at the addresses that a lab without segments gives them', () => {
  const same = parseLab(
    'directors: { count: 2, with: keepalived }\nrealServers: 3\nclients: [{ via: router }, {}]',
    'lab.yaml',
  );
  const places = ({ hosts }: typeof lab) =>
    hosts.map(({ role, ip, mac, segment, gateway, outside }) => ({
      ...{ role, ip, mac, segment, gateway },
      outside: outside?.ip,
    }));
  expect(places(plain)).toEqual(places(same));
  expect(plain.network).toEqual(same.network);
  expect(plain).not.toHaveProperty('segments');
  expect(plain.hosts.flatMap(({ interfaces = [] }) => interfaces)).toEqual([]);
});

it('keeps what is set on the interface of a host’s own address, and nothing of others', () => {
  const { sysctls } = hostSpec(plain, 'd1');
  expect(sysctls['net.ipv4.conf.eth0.arp_filter']).toBe('1');
  expect(Object.keys(sysctls).filter((key) => /bond0|ens1/.test(key))).toEqual([]);
  expect(hostSpec(plain, 'rs1').sysctls['net.ipv4.tcp_syncookies']).toBe('0');
  expect(plain.director.vrrp?.trackInterfaces).toEqual([{ device: 'eth0', weight: 0 }]);
});

it('keeps the services, with VIPs of that LAN, and no hook', () => {
  expect(plain.services.map(({ vip, port }) => [vip, port])).toEqual([
    ['198.18.0.100', 80],
    ['198.18.0.101', 443],
  ]);
  expect(plain.hooks.afterApply).toEqual([]);
});

it('leaves a lab without segments as it is', () => {
  const other = parseLab('name: web', 'lab.yaml');
  expect(onOneLan(other)).toBe(other);
});
