import { describe, expect, it, test } from 'vitest';
import { ipvsRules } from '../../../lab/directors/ipvsadm.ts';
import { notItsMethod, onlyForwardedBy, withoutMixed } from '../forwarding.ts';
import { entryOf, inTable } from '../ipvs-words.ts';
import { markRules } from '../marks.ts';
import { hostSpec } from '../spec.ts';
import { parseLab } from './index.ts';
import { type Case, mistake } from './mistake.ts';

const lab = (services: string) => parseLab(`services:\n  - ${services}`, 'x.yaml');
const placesIn = (services: string) =>
  lab(services).services.map(({ vip, port, protocol }) => `${vip}:${port}/${protocol}`);

describe('a service of several ports', () => {
  it('is one for each, without a mark', () => {
    const { services } = lab('{ ports: 5000-5002, scheduler: wlc }');
    expect(services.map(entryOf)).toEqual([
      '-t 198.18.0.100:5000',
      '-t 198.18.0.100:5001',
      '-t 198.18.0.100:5002',
    ]);
    expect(services.every(({ scheduler }) => scheduler === 'wlc')).toBe(true);
  });

  it('has VIPs, ranges and protocols', () => {
    expect(placesIn('{ vips: [198.18.0.100, 198.18.0.101], ports: [80, 53/udp] }')).toEqual([
      '198.18.0.100:80/tcp',
      '198.18.0.100:53/udp',
      '198.18.0.101:80/tcp',
      '198.18.0.101:53/udp',
    ]);
  });

  it('is one in the table, with a mark or of all ports', () => {
    const marked = lab('{ fwmark: 7, ports: [80, 443] }').services;
    expect(inTable(marked).map(entryOf)).toEqual(['-f 7']);
    const all = lab('{ port: 0, ports: [22, 80], persistence: 1min }').services;
    expect(inTable(all).map(entryOf)).toEqual(['-t 198.18.0.100:0']);
    expect(all.map(({ port }) => port)).toEqual([22, 80]);
  });
});

test('what is marked, as iptables-save prints it', () => {
  expect(markRules(lab('{ fwmark: 7, ports: [80, 5000-5010, 53/udp] }')).map(({ rule }) => rule)).toEqual([
    '-A PREROUTING -d 198.18.0.100/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x7/0xffffffff',
    '-A PREROUTING -d 198.18.0.100/32 -p tcp -m tcp --dport 5000:5010 -j MARK --set-xmark 0x7/0xffffffff',
    '-A PREROUTING -d 198.18.0.100/32 -p udp -m udp --dport 53 -j MARK --set-xmark 0x7/0xffffffff',
  ]);
  expect(markRules(lab('{ fwmark: 7, marked: files }'))).toEqual([]);
});

const cases: Case[] = [
  [
    'port 0 alone',
    'services: [ { port: 0 } ]',
    '1:15',
    /port 0, which is all ports, of persistent services only/,
  ],
  ['port and ports', 'services: [ { port: 81, ports: [82] } ]', '1:25', /«port» and «ports» say the same/],
  [
    'vip and vips',
    'services: [ { vip: 198.18.0.100, vips: [198.18.0.101] } ]',
    '1:34',
    /write all VIPs in «vips»/,
  ],
  ['a range upside down', 'services: [ { ports: 90-80 } ]', '1:22', /«90-80» is no range/],
  ['too many ports', 'services: [ { ports: 1-200 } ]', '1:22', /200 VIPs with a port.*at most 128/],
  [
    'a mark twice',
    'services: [ { fwmark: 1 }, { port: 81, fwmark: 1 } ]',
    '1:28',
    /firewall mark 1 is already that of service 1/,
  ],
  ['marked without a mark', 'services: [ { marked: files } ]', '1:15', /add «fwmark: 1»/],
  [
    'a mark and port 0',
    'services: [ { fwmark: 1, port: 0, persistence: 1min } ]',
    '1:26',
    /write them in «ports»/,
  ],
  [
    'a mark of nftables',
    'directors: { with: nftables }\nservices: [ { fwmark: 1 } ]',
    '2:15',
    /nftables director has no «fwmark»/,
  ],
  ['a word of ipvsadm', 'services: [ { fwmark-service: 1 } ]', '1:15', /Here it is called «fwmark»/],
  [
    'a word of keepalived',
    'services: [ { virtual_server_group: x } ]',
    '1:15',
    /Here it is called «ports: 5000-5010»/,
  ],
  [
    'the same port twice',
    'services: [ { ports: [80, 80] } ]',
    '1:13',
    /198\.18\.0\.100:80\/tcp is already service 1/,
  ],
];

test.each(cases)('%s', (_what, text, at, says) => {
  const error = mistake(text);
  expect(error.message).toMatch(says);
  expect(error.place).toBe(`lab.yaml:${at}`);
});

describe('real servers of one service that differ', () => {
  it('are listed as they are reached', () => {
    const spec = lab('{ realServers: [rs1, { name: rs2, forward: tun, weight: 3 }] }');
    const [service] = spec.services;
    expect(service?.realServers).toEqual([
      { name: 'rs1', weight: 1 },
      { name: 'rs2', weight: 3, forward: 'tun' },
    ]);
    expect(ipvsRules(spec)).toMatch(/-r 198\.18\.1\.1:80 -g -w 1\n-a .* -r 198\.18\.1\.2:80 -i -w 3\n/);
    expect(hostSpec(spec, 'rs2').sysctls['net.ipv4.conf.tunl0.rp_filter']).toBe('0');
    expect(hostSpec(spec, 'rs1').sysctls['net.ipv4.conf.tunl0.rp_filter']).toBeUndefined();
    expect(onlyForwardedBy(spec, ['dr']).services).toEqual([]);
    expect(onlyForwardedBy(spec, ['dr', 'tun'])).toBe(spec);
    expect(notItsMethod(spec, ['dr'])).toMatch(/forward by DR and TUN/);
    expect(withoutMixed(spec, 'method').services).toEqual([]);
    expect(withoutMixed(spec, 'nat')).toBe(spec);
  });

  it('have a port of their own with NAT', () => {
    const text = `clients: [ { via: router } ]
services:
  - { forward: nat, realServers: [rs1, { name: rs2, port: 8080 }] }`;
    expect(ipvsRules(parseLab(text, 'x.yaml'))).toMatch(
      /-r 198\.18\.1\.1:80 -m .*\n-a .* -r 198\.18\.1\.2:8080 -m/,
    );
  });
});

test.each<Case>([
  [
    'an engine without persistence',
    'services: [ { protocol: udp, persistenceEngine: sip } ]',
    '1:30',
    /persistent UDP services only/,
  ],
  ['pe', 'services: [ { pe: sip } ]', '1:15', /Here it is called «persistenceEngine: sip»/],
  [
    'another port under DR',
    'services: [ { realServers: [ { name: rs1, port: 81 } ] } ]',
    '1:43',
    /DR leaves the port.*81 is never reached.*forward: nat/,
  ],
  [
    'NAT beside DR for one host',
    'clients: [ { via: router } ]\nservices: [ { forward: nat }, { port: 81 } ]',
    '2:24',
    /is reached by nat and by another method/,
  ],
  [
    'a method that the director lacks',
    'directors: { with: nftables }\nservices: [ { realServers: [ { name: rs1, forward: tun } ] } ]',
    '2:52',
    /nftables director forwards by dr only/,
  ],
])('%s', (_what, text, at, says) => {
  const error = mistake(text);
  expect(error.message).toMatch(says);
  expect(error.place).toBe(`lab.yaml:${at}`);
});
