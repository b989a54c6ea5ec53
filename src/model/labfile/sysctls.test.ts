import { expect, test } from 'vitest';
import { hostSpec } from '../spec.ts';
import { parseLab } from './index.ts';

const spec = parseLab('clients: [ {}, { via: router } ]', 'x.yaml');

test.each(spec.hosts.map((host) => [host.name, host.sysctls] as const))(
  '%s: everything DR depends on',
  (_, sysctls) => {
    for (const device of ['all', 'default', 'eth0']) {
      for (const key of [
        'arp_ignore',
        'arp_announce',
        'rp_filter',
        'accept_local',
        'send_redirects',
        'arp_notify',
      ]) {
        expect(sysctls).toHaveProperty([`net.ipv4.conf.${device}.${key}`]);
      }
      expect(sysctls[`net.ipv4.conf.${device}.rp_filter`]).toBe('0');
    }
    expect(sysctls['net.ipv6.conf.all.disable_ipv6']).toBe('1');
  },
);

test('only real servers keep still about the VIP', () => {
  const ignoring = spec.hosts.filter((host) => host.sysctls['net.ipv4.conf.all.arp_ignore'] === '1');
  expect(ignoring.map((host) => host.name)).toEqual(['rs1', 'rs2']);
  expect(hostSpec(spec, 'rs1').sysctls).toMatchObject({
    'net.ipv4.conf.all.arp_announce': '2',
    'net.ipv4.conf.eth0.arp_ignore': '0',
    'net.ipv4.conf.default.arp_announce': '0',
    'net.ipv4.conf.lo.arp_ignore': '0',
  });
});

test('ip_forward comes after what it resets it for, and before what it resets', () => {
  const keys = Object.keys(hostSpec(spec, 'router').sysctls);
  const at = (key: string) => keys.indexOf(`net.ipv4.${key}`);
  expect(at('conf.eth1.forwarding')).toBeGreaterThanOrEqual(0);
  expect(at('ip_forward')).toBeGreaterThan(at('conf.eth1.forwarding'));
  expect(at('conf.all.accept_redirects')).toBeGreaterThan(at('ip_forward'));
});

test('IPVS settings belong to directors that have IPVS', () => {
  const ipvs = (lab: typeof spec, name: string) =>
    Object.keys(hostSpec(lab, name).sysctls).some((key) => key.startsWith('net.ipv4.vs.'));
  expect(ipvs(spec, 'd1')).toBe(true);
  expect(ipvs(spec, 'rs1')).toBe(false);
  expect(ipvs(parseLab('directors: { with: nftables }', 'x.yaml'), 'd1')).toBe(false);
});

test('a host’s own sysctls beat those of its role, which beat the defaults, in place', () => {
  const key = 'net.ipv4.conf.all.arp_ignore';
  const lab = parseLab(
    `realServers: [ {}, { sysctls: { ${key}: 3 } } ]
sysctls: { realServers: { ${key}: 8, net.core.somaxconn: 4096 }, directors: { net.ipv4.vs.sloppy_tcp: 1 } }`,
    'x.yaml',
  );
  expect(hostSpec(lab, 'rs1').sysctls).toMatchObject({ [key]: '8', 'net.core.somaxconn': '4096' });
  expect(hostSpec(lab, 'rs2').sysctls).toMatchObject({ [key]: '3', 'net.core.somaxconn': '4096' });
  expect(hostSpec(lab, 'd1').sysctls).toMatchObject({ [key]: '0', 'net.ipv4.vs.sloppy_tcp': '1' });
  expect(Object.keys(hostSpec(lab, 'rs1').sysctls).indexOf(key)).toBe(
    Object.keys(hostSpec(spec, 'rs1').sysctls).indexOf(key),
  );
});
