import { expect, it } from 'vitest';
import { parseLab } from '../../src/model/labfile/index.ts';
import { hostSpec } from '../../src/model/spec.ts';
import { birdConf } from './birdConf.ts';
import { keepalivedConf } from './keepalivedConf.ts';

/** The exact configuration of bird, and what keepalived tells it. */

const lab = (announce: string) =>
  parseLab(
    `directors: { count: 2, with: keepalived, announce: ${announce} }
clients: [{ via: router }]
services: [{ vip: 198.18.0.100 }, { vip: 198.18.0.101, port: 53, protocol: udp }]`,
    'lab.yaml',
  );
const conf = (announce: string, name: string) => {
  const spec = lab(announce);
  return birdConf(spec, hostSpec(spec, name));
};

it('of a director announces the VIPs that are on lo', () =>
  expect(conf('bgp', 'd2')).toBe(`log "bird.log" all;
router id 198.18.0.11;
protocol device { }

protocol direct { ipv4; interface "lo"; }

protocol bfd {
    interface "eth0" { interval 300 ms; multiplier 3; };
}

protocol bgp peer1 {
    description "router";
    local 198.18.0.11 as 64512;
    neighbor 198.18.0.1 as 64513;
    hold time 9;
    connect delay time 1; connect retry time 1; error wait time 1, 2;
    bfd on;
    ipv4 { import none; export where net ~ [ 198.18.0.100/32, 198.18.0.101/32 ]; };
}
`));

it('of a router makes one route of all announcements', () => {
  const text = conf('{ asn: 65001, routerAsn: 65002, hold: 3s, bfd: false }', 'router') ?? '';
  expect(text).toContain('merge paths on limit 64;');
  expect(text.match(/neighbor 198\.18\.0\.1[01] as 65001;/g)).toHaveLength(2);
  expect(text).toContain('local 198.18.0.1 as 65002;');
  expect(text).toContain('hold time 3;');
  expect(text).not.toMatch(/bfd/);
});

it('is for nobody else', () => expect(conf('bgp', 'rs1')).toBeUndefined());

it('follows the quorum of each service, also when keepalived stops', () => {
  const spec = lab('bgp');
  const text = keepalivedConf(spec, hostSpec(spec, 'd1'));
  expect(text).not.toContain('vrrp_instance');
  expect(text.match(/ {4}omega\n/g)).toHaveLength(2);
  expect(text).toContain(`quorum_up "/bin/sh -c 'sh ./announce.sh gained 198.18.0.100 tcp80'"`);
  expect(text).toContain(`quorum_down "/bin/sh -c 'sh ./announce.sh lost 198.18.0.101 udp53'"`);
});

it('leaves a director to answer for no VIP by ARP, and a router to spread flows', () => {
  const spec = lab('bgp');
  expect(hostSpec(spec, 'd1').sysctls).toMatchObject({
    'net.ipv4.conf.all.arp_ignore': '1',
    'net.ipv4.conf.all.arp_announce': '2',
  });
  expect(hostSpec(spec, 'router').sysctls).toMatchObject({ 'net.ipv4.fib_multipath_hash_policy': '1' });
});
