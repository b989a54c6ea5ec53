import { describe, expect, test } from 'vitest';
import { contains, parseIpv4, parseNetwork } from '../../util/ipv4.ts';
import { hostSpec, type LabSpec, vipsOf } from '../spec.ts';
import { parseLab } from './index.ts';

const lab = (text: string) => parseLab(text, 'x.yaml');

function expectUnique(spec: LabSpec): void {
  const ips = [...spec.hosts.flatMap((host) => [host.ip, host.outside?.ip ?? []].flat()), ...vipsOf(spec)];
  const macs = spec.hosts.flatMap((host) => [host.mac, host.outside?.mac ?? []].flat());
  const names = spec.hosts.map((host) => host.name);
  for (const all of [ips, macs, names]) expect(new Set(all).size).toBe(all.length);
}

test('a thousand real servers: all different, none on .0 or .255, read in order', () => {
  const spec = lab('realServers: 1000');
  expectUnique(spec);
  expect(spec.hosts.filter((host) => /\.(0|255)$/.test(host.ip))).toEqual([]);
  expect(hostSpec(spec, 'rs254')).toMatchObject({ ip: '198.18.1.254', mac: '02:0e:00:00:00:fe' });
  expect(hostSpec(spec, 'rs255')).toMatchObject({ ip: '198.18.2.1', mac: '02:0e:00:00:00:ff' });
  expect(hostSpec(spec, 'rs1000')).toMatchObject({ ip: '198.18.4.238', mac: '02:0e:00:00:03:e8' });
});

describe('no two hosts share an address or a MAC, and all are inside', () => {
  const cases: [string, string, number][] = [];
  for (const prefix of [29, 28, 27, 26, 25, 24, 23, 22, 20, 17, 16]) {
    for (const share of [0.1, 0.5, 1]) {
      const room = 2 ** (32 - prefix) - 2 - 5;
      const servers = Math.max(1, Math.min(1500, Math.floor(room * share) - (prefix < 24 ? 40 : 0)));
      for (const client of ['{ name: c1 }', '{ via: router }'])
        cases.push([`198.18.0.0/${prefix}`, client, servers]);
    }
  }
  test.each(cases)('%s, client %s, %d real servers', (subnet, client, servers) => {
    const spec = lab(
      `{ network: { subnet: ${subnet}, outside: 198.19.8.0/29 }, clients: [ ${client} ], realServers: ${servers} }`,
    );
    expectUnique(spec);
    const lan = parseNetwork(subnet);
    for (const host of spec.hosts.filter((each) => each.segment === 'lan')) {
      expect(lan && contains(lan, parseIpv4(host.ip) ?? 0)).toBe(true);
    }
  });
});

test('what the file gives to one host goes to no other', () => {
  const spec = lab(`
clients: [ { ip: 198.18.0.1 }, { via: router } ]
directors: { with: keepalived, hosts: [ { ip: 198.18.1.1 }, {} ] }
realServers: [ { mac: '02:0e:00:00:00:02' }, {}, { ip: 198.18.0.11 } ]
services: [ { vip: 198.18.0.10 }, { vip: 198.18.1.2 } ]`);
  expectUnique(spec);
  expect(hostSpec(spec, 'router').ip).toBe('198.18.0.2');
  expect(hostSpec(spec, 'd2').ip).toBe('198.18.0.12');
  expect(hostSpec(spec, 'rs1').ip).toBe('198.18.1.3');
  expect(hostSpec(spec, 'rs2').mac).toBe('02:0e:01:00:00:02');
});

test('a /24 keeps its roles apart', () => {
  const spec = lab('network: { subnet: 198.18.9.0/24 }');
  expect(spec.hosts.map((host) => host.ip)).toEqual([
    '198.18.9.201',
    '198.18.9.10',
    '198.18.9.101',
    '198.18.9.102',
  ]);
  expect(vipsOf(spec)).toEqual(['198.18.9.100']);
});
