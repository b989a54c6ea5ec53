import { describe, expect, it } from 'vitest';
import { sysctlPath, vipsServedBy } from '../base/addressing.ts';
import { labOf } from '../base/testing/lab-of.ts';
import { plan } from './plan.ts';

const spec = labOf({ director: { kind: 'ipvsadm' }, realServers: 2, routed: true });
const planned = plan(spec);
const batch = (host: string) =>
  planned.batches.find((b) => b.host === host && b.program === 'ip')?.text ?? '';

describe('cabling', () => {
  it('makes the switch first, so that it also goes first', () => {
    expect(planned.namespaces[0]).toBe('switch');
    expect(planned.namespaces).toHaveLength(spec.hosts.length + 1);
  });

  it('gives the bridges addresses of their own, and each cable its ends', () => {
    expect(planned.cabling.text).toMatch(
      /^link add br0 address 02:00:00:00:ff:00 mtu 1500 up type bridge stp_state 0/,
    );
    expect(planned.cabling.text).toContain(
      'link add p1 mtu 1500 master br0 up type veth peer name eth0 netns client1 mtu 1500 address 02:00:00:00:00:03\n',
    );
  });

  it('hangs routed clients and the router’s eth1 on the outside bridge', () => {
    const outside = planned.cabling.text.split('\n').filter((line) => line.includes('master br1'));
    expect(outside.map((line) => /name (\S+) netns (\S+)/.exec(line)?.slice(1))).toEqual([
      ['eth1', 'router'],
      ['eth0', 'outside1'],
    ]);
    expect(planned.ports.get('router')).toHaveLength(2);
  });

  it('has one bridge where nobody is outside', () => {
    expect(plan(labOf({ director: { kind: 'ipvsadm' } })).cabling.text).not.toContain('br1');
  });
});

describe('addresses', () => {
  it('puts the VIP on the device and with the prefix that the real server asks for', () => {
    expect(batch('rs1')).toContain('addr add 198.18.0.100/32 dev lo\n');
    const odd = labOf({
      director: { kind: 'ipvsadm' },
      server: { vipDevice: 'dummy0', vipPrefixLength: 24 },
    });
    const texts = plan(odd);
    expect(texts.cabling.text).toContain('link add dummy0 netns rs1 type dummy\n');
    expect(texts.batches.find((b) => b.host === 'rs1')?.text).toContain(
      'addr add 198.18.0.100/24 dev dummy0\n',
    );
  });

  it('leaves the VIP out where there is to be none, and where NAT needs none', () => {
    const without = labOf({ director: { kind: 'ipvsadm' }, server: { vipDevice: 'none' } });
    expect(
      plan(without)
        .batches.map(({ text }) => text)
        .join(''),
    ).not.toContain('198.18.0.100');
    expect(
      vipsServedBy(labOf({ director: { kind: 'ipvsadm' }, services: [{ forward: 'nat' }] }), 'rs1'),
    ).toEqual([]);
  });

  it('routes through the gateway after the interface is up', () => {
    expect(batch('rs1')).toMatch(/link set eth0 up\n(.*\n)*route add default via 198\.18\.0\.1\n$/);
  });
});

it('brings the tunnels of TUN up on its real servers only, once their module is loaded', () => {
  const tunnel = plan(labOf({ director: { kind: 'ipvsadm' }, services: [{ forward: 'tun' }] }));
  expect(tunnel.cabling.text.endsWith('link add ipip0 type ipip local 127.0.0.1\nlink del ipip0\n')).toBe(
    true,
  );
  const up = tunnel.batches.filter(({ text }) => text.includes('link set tunl0 up'));
  expect(up.map(({ host }) => host)).toEqual(['rs1', 'rs2', 'rs3']);
  expect(planned.cabling.text).not.toContain('ipip');
});

it('impairs both directions of a link', () => {
  const slow = structuredClone(spec);
  for (const host of slow.hosts) {
    if (host.name === 'rs1') host.link = { delayUs: 500, jitterUs: 0, lossPercent: 0, rateBitPerS: 0 };
  }
  const impaired = plan(slow);
  const lines = impaired.batches.filter(({ program }) => program === 'tc');
  expect(lines.map(({ host, text }) => [host, text.split(' ')[3]])).toEqual([
    ['rs1', 'eth0'],
    ['switch', impaired.ports.get('rs1')?.[0]],
  ]);
});

it('writes the sysctls of every host, as paths', () => {
  expect(planned.sysctls).toContainEqual({ host: 'rs2', path: 'net/ipv4/conf/all/arp_ignore', value: '1' });
  expect(sysctlPath('net.ipv4.conf.eth0/5.arp_ignore')).toBe('net/ipv4/conf/eth0.5/arp_ignore');
});

it('keeps every text as evidence', () => {
  expect(planned.configs.map(({ host, name }) => `${host}: ${name}`)).toEqual(
    expect.arrayContaining(['switch: ip -batch', 'rs1: ip -batch', 'rs1: sysctls']),
  );
  expect(planned.configs.filter(({ text }) => text === '')).toEqual([]);
});
