import { describe, expect, it } from 'vitest';
import { parseLab } from '../../src/model/labfile/index.ts';
import { hostSpec, type LabSpec } from '../../src/model/spec.ts';
import { directorOf, directors } from './index.ts';

/** The exact configuration of synchronisation, ldirectord and heartbeat. */

const lab = (text: string): LabSpec => parseLab(text, 'lab.yaml');

it('ipvsadm: with synchronisation the standby has the rules and listens', () => {
  const spec = lab('directors: { count: 2, sync: { id: 7, device: eth1 } }');
  const texts = (name: string) =>
    directors.ipvsadm.configs(spec, hostSpec(spec, name)).map((config) => [config.name, config.text]);
  expect(texts('d1').at(-1)).toEqual([
    'ipvsadm --start-daemon',
    'ipvsadm --start-daemon master --mcast-interface eth1 --syncid 7\n',
  ]);
  expect(texts('d2')).toEqual([
    ['ipvsadm-restore', expect.stringContaining('-A -t 198.18.0.100:80 -s rr')],
    ['ipvsadm --start-daemon', 'ipvsadm --start-daemon backup --mcast-interface eth1 --syncid 7\n'],
  ]);
});

const ldirectordCf = (keys: string, services: string): string => {
  const spec = lab(`directors: { with: ldirectord, ${keys} }\nservices: ${services}`);
  return directors.ldirectord.configs(spec, hostSpec(spec, 'd1')).at(-1)?.text ?? '';
};

describe('ldirectord.cf', () => {
  it('asks for a page, and falls back', () => {
    expect(
      ldirectordCf(
        'healthCheck: { check: http, path: /health, receive: ^rs, interval: 2s, timeout: 4s, retries: 2 }',
        '[{ realServers: [rs1], weights: { rs1: 3 }, sorryServer: rs2, inhibitOnFailure: true, persistence: 60s }]',
      ),
    ).toBe(`checkinterval = 2
autoreload = no
supervised = yes

virtual = 198.18.0.100:80
    real = 198.18.1.1:80 gate 3
    fallback = 198.18.1.2:80 gate
    protocol = tcp
    scheduler = rr
    persistent = 60
    quiescent = yes
    checktype = negotiate
    service = http
    request = "/health"
    receive = "^rs"
    negotiatetimeout = 4
    checktimeout = 4
    failurecount = 3
`);
  });

  it.each([
    ['a connection', '', 'protocol: tcp', 'checktype = connect\n    service = none\n    checktimeout = 3\n'],
    ['a ping of a UDP server', '', 'protocol: udp', 'checktype = ping\n'],
    ['nothing', 'healthCheck: false', 'protocol: tcp', 'checktype = on\n'],
  ])('checks by %s', (_, directors, service, says) => {
    expect(ldirectordCf(directors, `[{ ${service} }]`)).toContain(`    quiescent = no\n    ${says}`);
  });
});

describe('heartbeat', () => {
  const spec = lab(`
directors:
  with: heartbeat
  hosts: [{ name: east }, { name: west }]
  heartbeat: { keepalive: 200ms, warn: 1s, dead: 2s, initDead: 10s, failBack: false }
services: [{ vip: 198.18.0.100 }, { vip: 198.18.0.101 }]`);
  const files = (name: string) =>
    Object.fromEntries(
      directors.heartbeat.configs(spec, hostSpec(spec, name)).map((config) => [config.name, config.text]),
    );

  it('is told of both directors', () => {
    expect(files('west')['ha.cf']).toBe(`logfile /var/lib/heartbeat/ha-log
logfacility none
realtime off
crm no
keepalive 200ms
warntime 1000ms
deadtime 2000ms
initdead 10000ms
ucast eth0 198.18.0.10
auto_failback off
node east west
`);
    expect(files('east')['ha.cf']).toContain('ucast eth0 198.18.0.11\n');
  });

  it('moves all VIPs and ldirectord as one', () => {
    const resources =
      'east IPaddr2::198.18.0.100/32/eth0 IPaddr2::198.18.0.101/32/eth0 ldirectord::ldirectord.cf\n';
    expect([files('east').haresources, files('west').haresources]).toEqual([resources, resources]);
    expect(files('west')['ldirectord.cf']).toMatch(
      /^checkinterval = 1\n.*\nlogfile = "\/var\/lib\/heartbeat\//,
    );
  });

  it('begins on the first director', () => {
    const holds = (name: string) => directors.heartbeat.holds(spec, hostSpec(spec, name)).vips;
    expect([holds('east'), holds('west')]).toEqual([['198.18.0.100', '198.18.0.101'], []]);
  });

  it.each([
    [{ kind: 'docker', endpoint: 'own', hosts: {}, network: 'macvlan' } as const, /containers may not mount/],
    [{ kind: 'ssh', readOnly: false, knownHosts: '' } as const, /existing machines/],
  ])('says where it cannot be', (driver, why) => {
    const there = { ...spec, driver };
    expect(() => directorOf(there)).toThrow(why);
  });
});
