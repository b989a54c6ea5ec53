import { describe, expect, it, test } from 'vitest';
import { hostSpec } from '../../spec.ts';
import { parseLab } from '../index.ts';
import { type Case, mistake } from '../mistake.ts';

const twoSides = `
segments:
  front: 198.18.1.0/24
  back: { subnet: [198.18.20.0/24, "fd64:726c:6162:20::/64"], mtu: 9000 }
  world: 198.19.0.0/24
routers:
  - interfaces:
      eth0: { on: front, ip: 198.18.1.1 }
      eth1: { on: back, ip: 198.18.20.1 }
      eth2: { on: world, ip: 198.19.0.1 }
directors:
  hosts:
    - name: LB1.example_a
      interfaces:
        ens192: { ip: 198.18.1.11 }
        bond0: { of: [ens224, ens256] }
        bond0.20: { ip: [198.18.20.11, "fd64:726c:6162:20::11"] }
realServers: { count: 2, segment: back }
clients: [{ segment: world }]
`;
const lab = parseLab(twoSides, 'lab.yaml');
const host = (name: string) => hostSpec(lab, name);

describe('a director with two sides', () => {
  const { interfaces = [], ...director } = host('LB1.example_a');

  it('takes part where the VIP is', () => {
    expect(lab.network).toEqual({ base: '198.18.1.0', prefixLength: 24, mtu: 1500, segment: 'front' });
    expect(director).toMatchObject({ ip: '198.18.1.11', device: 'ens192', segment: 'front' });
    expect(lab.services[0]?.vip).toBe('198.18.1.100');
  });

  it('has what its interfaces are made of, those below first', () => {
    expect(interfaces.map(({ name, kind, segment }) => [name, kind, segment])).toEqual([
      ['ens192', 'ethernet', 'front'],
      ['ens224', 'ethernet', undefined],
      ['ens256', 'ethernet', undefined],
      ['bond0', 'bond', undefined],
      ['bond0.20', 'vlan', 'back'],
    ]);
    expect(interfaces.at(-1)).toMatchObject({
      vlan: 20,
      of: ['bond0'],
      addresses: ['198.18.20.11/24', 'fd64:726c:6162:20::11/64'],
    });
  });

  it('has the MTU of the segment down to the cables, and one MAC address for a bond', () => {
    expect(interfaces.map(({ mtu }) => mtu)).toEqual([1500, 9000, 9000, 9000, 9000]);
    expect(new Set(interfaces.map(({ mac }) => mac))).toEqual(
      new Set(['02:0d:00:00:00:01', '02:0d:01:00:00:01']),
    );
  });

  it('writes the sysctls of interfaces with addresses, a dot in a name as a slash', () => {
    expect(director.sysctls).toMatchObject({
      'net.ipv4.conf.ens192.rp_filter': '0',
      'net.ipv4.conf.bond0/20.rp_filter': '0',
      'net.ipv6.conf.all.disable_ipv6': '0',
    });
    expect(director.sysctls).not.toHaveProperty(['net.ipv4.conf.ens224.rp_filter']);
  });
});

it('gives everyone else an eth0 on its segment, and the router there', () => {
  expect(host('rs2')).toMatchObject({
    ip: '198.18.20.102',
    segment: 'back',
    gateway: '198.18.20.1',
    interfaces: [{ name: 'eth0', mtu: 9000, addresses: ['198.18.20.102/24'] }],
  });
  expect(host('c1')).toMatchObject({ segment: 'world', gateway: '198.19.0.1' });
  expect(host('r1')).toMatchObject({ ip: '198.18.1.1', outside: { ip: '198.19.0.1' } });
  expect(host('rs1').sysctls['net.ipv6.conf.all.disable_ipv6']).toBe('1');
});

it('takes routes and rules as they are, and a default route for the gateway', () => {
  const { hosts } = parseLab(
    `realServers: [{ name: a, routes: ["default via 198.18.0.9 dev eth0", "198.19.0.0/16 via 198.18.0.8"], rules: ["from 198.18.0.0/16 table 7"] }]`,
    'lab.yaml',
  );
  expect(hosts.find(({ name }) => name === 'a')).toMatchObject({
    gateway: '198.18.0.9',
    routes: ['198.19.0.0/16 via 198.18.0.8'],
    rules: ['from 198.18.0.0/16 table 7'],
  });
});

it('gives a host that writes its routes no gateway of its own', () => {
  const { hosts } = parseLab(
    'routers: [{ interfaces: { a: { on: lan } } }]\nrealServers: [{ routes: ["198.19.0.0/16 via 198.18.0.1"] }, {}]',
    'lab.yaml',
  );
  const gateways = hosts.filter(({ role }) => role === 'realServer').map(({ gateway }) => gateway);
  expect(gateways).toEqual([undefined, '198.18.0.1']);
});

it('leaves a lab that says only names and kinds of interfaces the addresses that it had', () => {
  const plain = parseLab('clients: [{ via: router }]', 'lab.yaml');
  const named = parseLab(
    'clients: [{ via: router }]\nrealServers: [{}, { interfaces: { ens3: { on: lan } } }]',
    'lab.yaml',
  );
  const places = (spec: typeof plain) =>
    spec.hosts.map(({ name, ip, mac, gateway, outside }) => ({ name, ip, mac, gateway, outside }));
  expect(places(named)).toEqual(places(plain));
});

describe('kinds of interfaces', () => {
  const kinds = (text: string) =>
    parseLab(`realServers: [{ interfaces: ${text} }]`, 'lab.yaml')
      .hosts.find(({ role }) => role === 'realServer')
      ?.interfaces?.map(({ name, kind, of = [], mode }) => [name, kind, ...of, ...(mode ? [mode] : [])]);

  it('follow from names and keys', () => {
    expect(kinds('{ br0: { of: [eth1], on: lan } }')).toEqual([
      ['eth1', 'ethernet'],
      ['br0', 'bridge', 'eth1'],
    ]);
    expect(kinds('{ m0: { of: eth0, on: lan }, dummy1: { ip: 192.0.2.1/32 } }')).toEqual([
      ['eth0', 'ethernet'],
      ['m0', 'macvlan', 'eth0'],
      ['dummy1', 'dummy'],
    ]);
    expect(kinds('{ team: { of: [a, b], type: bond, mode: 802.3ad, on: lan } }')?.at(-1)).toEqual([
      ...['team', 'bond', 'a', 'b', '802.3ad'],
    ]);
    expect(kinds('{ storage: { vlan: 7, of: eth0, on: lan } }')?.at(-1)).toEqual(['storage', 'vlan', 'eth0']);
  });
});

const rs = (interfaces: string) => `realServers:\n  - { interfaces: ${interfaces} }`;
const mistakes: Case[] = [
  ['no such segment', rs('{ eth0: { on: lam } }'), '2:33', /no segment is called «lam».*«lan»/],
  [
    'segment of a host',
    'segments: { front: 198.18.1.0/24 }\nclients: [{ segment: fornt }]',
    '2:22',
    /«front»/,
  ],
  ['no subnet', 'segments: { front: 198.18.1.0 }', '1:20', /expected a network/],
  ['host bits', 'segments: { front: 198.18.1.7/24 }', '1:20', /the network is 198\.18\.1\.0\/24/],
  ['loopback', 'segments: { front: 127.0.0.0/24 }', '1:20', /the loopback range/],
  [
    'overlap',
    'segments: { front: 198.18.0.0/16, back: 198.18.7.0/24 }',
    '1:41',
    /overlaps with 198\.18\.0\.0\/16 of «front»/,
  ],
  ['no IPv4', 'segments: { front: "fd64:726c:6162::/64" }', '1:11', /IPv4/],
  [
    'address elsewhere',
    rs('{ eth0: { on: lan, ip: 198.19.0.7/24 } }'),
    '2:42',
    /eth0 has 198\.19\.0\.7\/24 on «lan», whose subnet is/,
  ],
  ['address twice', rs('{ eth0: { ip: [198.18.1.7, 198.18.1.7] } }'), '2:33', /is the address of rs1/],
  ['nowhere', rs('{ eth0: {}, eth1: { on: lan } }'), '2:27', /eth0 has neither «on» nor «ip»/],
  ['no tag', rs('{ x: { type: vlan, of: eth0, on: lan } }'), '2:24', /x is a vlan, and needs its tag/],
  ['empty bond', rs('{ b: { type: bond, on: lan } }'), '2:24', /needs members/],
  ['bond that nobody describes', rs('{ bond0.7: { on: lan } }'), '2:30', /bond0.*write bond0: { of:/],
  [
    'member of two',
    rs('{ bond0: { of: [a, b], on: lan }, bond1: { of: [b, c], on: lan } }'),
    '2:60',
    /b is already a member of bond0/,
  ],
  ['member with an address', rs('{ bond0: { of: [a], on: lan }, a: { ip: 198.18.1.7 } }'), '2:53', /member/],
  ['made of itself', rs('{ a: { of: b, on: lan }, b: { of: a } }'), '2:24', /made of itself: a of b of a/],
  ['mode of a VLAN', rs('{ eth0.7: { mode: 802.3ad, on: lan } }'), '2:29', /only a bond has one/],
  ['interface name', rs('{ averylonginterface: { on: lan } }'), '2:21', /at most 15/],
  [
    'director elsewhere',
    'segments: { front: 198.18.1.0/24, back: 198.18.2.0/24 }\ndirectors: { hosts: [{ segment: back }] }\nservices: [{ vip: 198.18.1.9 }]',
    '2:22',
    /d1 has no interface with an IPv4 address on «front», where the VIP is/,
  ],
  [
    'VIP elsewhere',
    'segments: { front: 198.18.1.0/24 }\nservices: [{ vip: 198.18.9.9 }]',
    '2:19',
    /outside 198\.18\.1\.0\/24/,
  ],
  ['via: router', 'segments: { front: 198.18.1.0/24 }\nclients: [{ via: router }]', '2:13', /«segment: …»/],
  [
    'subnet beside segments',
    'segments: { front: 198.18.1.0/24 }\nnetwork: { subnet: 198.18.0.0/20 }',
    '2:12',
    /belongs to a lab without «segments»/,
  ],
  [
    'gateway elsewhere',
    'realServers: [{ gateway: 203.0.113.1 }]',
    '1:26',
    /no interface of rs1 is in the network/,
  ],
  ['driver', 'driver: docker\nrealServers: [{ segment: lan }]', '2:17', /one interface.*use netns/],
];

test.each(mistakes)('%s', (_what, text, at, says) => {
  const error = mistake(text);
  expect(error.message).toMatch(says);
  expect(error.place).toBe(`lab.yaml:${at}`);
});
