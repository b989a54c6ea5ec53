import { describe, expect, it, test } from 'vitest';
import { addressBeside, hostSpec, hostsOf, vipsOf } from '../spec.ts';
import { lanOf, nextHop } from '../topology.ts';
import { parseLab } from './index.ts';
import { onIpv4 } from './on-ipv4.ts';

const lab = (text: string) => parseLab(text, 'dual.yaml');
const ipvsadm = 'directors: { count: 1, with: ipvsadm }';
const plain = (services: string) =>
  lab(`network: { subnet6: "2001:db8:0:1::/64" }\n${ipvsadm}\nservices: ${services}`);
const both = '[{ vips: [198.18.0.100, "2001:DB8:0:1:0::100"] }]';

describe('a lab with an IPv6 network', () => {
  const spec = plain(both);

  it('has a service for each VIP, in one spelling', () =>
    expect(vipsOf(spec)).toEqual(['198.18.0.100', '2001:db8:0:1::100']));

  it('gives each host an IPv6 address that can be read beside its own', () => {
    expect(hostSpec(spec, 'rs1').ip6).toEqual({ address: '2001:db8:0:1:198:18:1:1', prefixLength: 64 });
    expect(new Set(spec.hosts.map((host) => addressBeside(host, '::1'))).size).toBe(spec.hosts.length);
  });

  it('switches IPv6 on, and detection of duplicates off', () => {
    for (const host of spec.hosts)
      expect(host.sysctls).toMatchObject({
        'net.ipv6.conf.all.disable_ipv6': '0',
        'net.ipv6.conf.eth0.accept_dad': '0',
      });
  });

  it('leaves the IPv4 addresses what they are without it', () => {
    const four = lab(ipvsadm);
    expect(spec.hosts.map(({ ip, mac }) => [ip, mac])).toEqual(four.hosts.map(({ ip, mac }) => [ip, mac]));
    expect(four.hosts.some(({ ip6 }) => ip6)).toBe(false);
  });

  it('is one of IPv4 in stages', () => {
    const staged = onIpv4(spec);
    expect(vipsOf(staged)).toEqual(['198.18.0.100']);
    expect(staged.hosts.some(({ ip6 }) => ip6)).toBe(false);
    expect(vipsOf(onIpv4(plain('[{ vip: "2001:db8:0:1::100" }]')))).toEqual(['198.18.255.254']);
  });
});

const segments = (more: string) =>
  lab(`segments:
  front: { subnet: [198.18.1.0/24, "2001:db8:0:1::/64"] }
  back: { subnet: [198.18.2.0/24, "2001:db8:0:2::/64"] }
directors:
  with: ipvsadm
  hosts: [{ interfaces: { ens1: { on: front, ip: [198.18.1.11, "2001:db8:0:1::11"] } } }]
realServers: [{ interfaces: { ens1: { on: front, ip: [198.18.1.21, "2001:db8:0:1::21"] } } }]
clients:
  - interfaces: { ens1: { on: back, ip: [198.18.2.31, "2001:db8:0:2::31"] } }
    routes: [ "default via 198.18.2.1", "2001:db8:0:1::/64 via 2001:db8:0:2::1", "default via 2001:db8:0:2::2" ]
${more}`);

it('takes IPv6 VIPs on a segment, and knows the way there for each family', () => {
  const spec = segments('services: [{ vip: "2001:db8:0:1::100" }]');
  expect(lanOf(spec)).toBe('front');
  expect(addressBeside(hostsOf(spec, 'realServer')[0] ?? hostSpec(spec, 'rs1'), '2001:db8::1')).toBe(
    '2001:db8:0:1::21',
  );
  const client = hostSpec(spec, 'c1');
  expect(nextHop(client, '198.18.1.100')).toBe('198.18.2.1');
  expect(nextHop(client, '2001:db8:0:1::100')).toBe('2001:db8:0:2::1');
  expect(nextHop(client, '2001:db8:9::1')).toBe('2001:db8:0:2::2');
});

describe('mistakes', () => {
  test.each([
    ['[{ vip: "2001:db8:0:2::100" }]', 'the VIP 2001:db8:0:2::100 is outside 2001:db8:0:1::/64'],
    ['[{ vip: "2001:db8:0:1::" }]', 'is the network or broadcast address of 2001:db8:0:1::/64'],
    ['[{ vip: "2001:db8:0:1:198:18:1:1" }]', 'is the address of rs1'],
    ['[{ vip: "2001:db8:0:1::100", forward: tun }]', 'drlab sets up IPv6 VIPs for «forward: dr» only'],
    [
      '[{ vip: "2001:db8:0:1::100", persistence: 300s, persistenceMask: 255.255.255.0 }]',
      'expected a prefix length such as 64 for an IPv6 VIP',
    ],
  ])('%s: %s', (services, text) => expect(() => plain(services)).toThrow(text));

  it('an IPv6 VIP without an IPv6 network', () =>
    expect(() => lab(`${ipvsadm}\nservices: [{ vip: "2001:db8::100" }]`)).toThrow(
      'the lab has no IPv6 network. Write «network: { subnet6: fd64:726c:6162::/64 }»',
    ));

  it('a VIP that an interface has', () =>
    expect(() => segments('services: [{ vip: "2001:db8:0:1:0:0:0:21" }]')).toThrow(
      'is the address of rs1; choose one that no host has',
    ));

  it('a director, or a driver, that is set up for IPv4 only', () => {
    const with6 = (more: string) =>
      lab(`network: { subnet6: "2001:db8::/64" }\n${more}\nservices: [{ vip: "2001:db8::100" }]`);
    expect(() => with6('directors: { count: 1, with: nftables }')).toThrow(
      'drlab sets up nftables directors for IPv4 only',
    );
    expect(() => with6(`driver: docker\n${ipvsadm}`)).toThrow('the driver docker gives hosts no IPv6');
  });

  it('hosts of an IPv6 service, and clients, without an IPv6 address', () => {
    const without = `network: { subnet6: "2001:db8::/64" }
${ipvsadm}
clients: [{ via: router }]
services: [{ vip: "2001:db8::100" }]`;
    expect(() => lab(without)).toThrow(
      'no client has an IPv6 address, so nobody could ask for 2001:db8::100',
    );
    expect(() =>
      lab(`segments: { front: { subnet: [198.18.1.0/24, "2001:db8::/64"] } }
${ipvsadm}
realServers: [{ interfaces: { eth0: { ip: [198.18.1.21, "2001:db8::21"] } } }, {}]
services: [{ vip: "2001:db8::100" }]`),
    ).toThrow(/d1 has no IPv6 address[\s\S]*rs2 has no IPv6 address/);
  });

  it('a network that leaves no room', () =>
    expect(() => lab('network: { subnet6: "2001:db8::/96" }')).toThrow('of at most 64 bits'));
});
