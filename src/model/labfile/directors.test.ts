import { expect, test } from 'vitest';
import { parseLab } from './index.ts';
import { type Case, mistake } from './mistake.ts';

/** Mistakes about directors, in form and in meaning. */
const ka = (keys: string) => `directors: { count: 2, with: keepalived, ${keys} }`;
const vrrp = (keys: string) => ka(`vrrp: { ${keys} }`);
const checked = (keys: string) => ka(`healthCheck: { ${keys} }`);
const ld = (keys: string) => `directors: { with: ldirectord, healthCheck: { ${keys} } }`;
const announced = (keys: string) => `${ka(`announce: ${keys}`)}\nclients: [{ via: router }]`;
const two = 'services: [ { vip: 198.18.0.100 }, { vip: 198.18.0.101 } ]';

const cases: Case[] = [
  [
    'quotes in a script',
    vrrp('trackScripts: [ { name: x, script: "echo \'a\'" } ]'),
    '1:85',
    /without quotes/,
  ],
  [
    'a script without a name',
    vrrp('trackScripts: [ { script: x } ]'),
    '1:66',
    /«name» of item 1.*is missing/,
  ],
  [
    'a script twice',
    vrrp('trackScripts: [ { name: x, script: a }, { name: x, script: b } ]'),
    '1:98',
    /another script/,
  ],
  [
    'half a second',
    vrrp('trackScripts: [ { name: x, script: a, interval: 500ms } ]'),
    '1:98',
    /whole seconds here, starting at 1s/,
  ],
  ['announcing without a router', ka('announce: bgp'), '1:42', /no router is there/],
  ['announcing with ipvsadm', 'directors: { announce: bgp }', '1:14', /needs keepalived/],
  ['announcing and VRRP', announced('bgp, vrrp: {}'), '1:57', /all are active/],
  ['one AS for all', announced('{ routerAsn: 64512 }'), '1:65', /both in AS 64512/],
  ['BFD too fast', announced('{ bfd: { interval: 1ms } }'), '1:71', /at least 10ms/],
  [
    'announcing a mark',
    `${announced('bgp')}\nservices: [{ vip: 198.18.0.100, fwmark: 5 }]`,
    '1:42',
    /marked services \(5\)/,
  ],
  ['half a second of hold', announced('{ hold: 500ms }'), '1:60', /at least 3s/],
  ['a weight too large', vrrp('trackInterfaces: [ { device: eth0, weight: 254 } ]'), '1:93', /-253 to 253/],
  ['delay without preemption', vrrp('preempt: false, preemptDelay: 5s'), '1:66', /has no effect/],
  ['a delay too long', vrrp('preemptDelay: 20min'), '1:64', /at most 1000s/],
  ['refresh in milliseconds', vrrp('garp: { refresh: 100ms }'), '1:67', /whole seconds here/],
  [
    'unicast to nobody',
    'directors: { with: keepalived, vrrp: { unicast: true } }',
    '1:49',
    /another director/,
  ],
  [
    'a VIP of nobody',
    `${vrrp('instances: [ { vips: [198.18.0.100, 198.18.0.9] } ]')}`,
    '1:86',
    /no service has the VIP 198\.18\.0\.9/,
  ],
  [
    'a VIP left out',
    `${vrrp('instances: [ { vips: [198.18.0.100] } ]')}\n${two}`,
    '1:61',
    /198\.18\.0\.101 is in no instance/,
  ],
  [
    'a VIP twice',
    `${vrrp('instances: [ { vips: [198.18.0.100] }, { vips: [198.18.0.100] } ]')}`,
    '1:98',
    /in two instances/,
  ],
  [
    'a router ID twice',
    `${vrrp('instances: [ { vips: [198.18.0.100] }, { vips: [198.18.0.101], routerId: 51 } ]')}\n${two}`,
    '1:123',
    /ID 51 is that of instance 1/,
  ],
  [
    'priorities of an instance',
    `${vrrp('instances: [ { vips: [198.18.0.100], priorities: [1] } ]')}`,
    '1:99',
    /one for each of the 2 directors/,
  ],
  ['status of a TCP check', checked('status: 200'), '1:57', /belongs to «check: http»/],
  ['a script of a TCP check', checked('script: x'), '1:57', /belongs to «check: misc»/],
  ['misc without a script', checked('check: misc'), '1:64', /add «script»/],
  ['an unknown check', checked('check: https'), '1:64', /Did you mean «http»/],
  ['a path without its slash', checked('check: http, path: health'), '1:76', /a path such as/],
  ['a digest too short', checked('check: http, digest: abc'), '1:78', /32 hexadecimal/],
  [
    'http for a UDP service',
    `${checked('check: http')}\nservices: [ { protocol: udp } ]`,
    '2:25',
    /speaks TCP, and this service is udp/,
  ],
  [
    'udp for a TCP service',
    `${ka('healthCheck: {}')}\nservices: [ { healthCheck: { check: udp } } ]`,
    '2:28',
    /this service is tcp/,
  ],
  ['milliseconds of ldirectord', ld('interval: 500ms'), '1:57', /ldirectord counts whole seconds/],
  ['commands of ldirectord', ld('check: misc, script: x'), '1:54', /needs keepalived/],
  ['a digest of ldirectord', ld(`check: http, digest: ${'a'.repeat(32)}`), '1:60', /has no equivalent/],
  ['VRRP of ldirectord', 'directors: { with: ldirectord, vrrp: {} }', '1:32', /«vrrp» needs keepalived/],
  ['two ldirectords', 'directors: { with: ldirectord, count: 2 }', '1:39', /«with: heartbeat»/],
  ['one heartbeat', 'directors: { with: heartbeat }', '1:20', /pair of two.*«count: 2»/],
  ['three heartbeats', 'directors: { with: heartbeat, count: 3 }', '1:38', /not of 3/],
  ['heartbeat of keepalived', ka('heartbeat: {}'), '1:42', /«heartbeat» needs heartbeat/],
  ['dead before late', 'directors: { with: heartbeat, count: 2, heartbeat: { dead: 1s } }', '1:60', /longer/],
  [
    'heartbeat over smoke',
    'directors: { with: heartbeat, count: 2, heartbeat: { over: ether } }',
    '1:60',
    /ucast, bcast/,
  ],
  [
    'sync of heartbeat',
    'directors: { with: heartbeat, count: 2, sync: {} }',
    '1:41',
    /itself synchronises nothing/,
  ],
  ['sync with nobody', 'directors: { sync: {} }', '1:14', /another director/],
  ['a sync ID too large', ka('sync: { id: 256 }'), '1:54', /0 to 255/],
  ['quorum by hand', 'services: [ { quorum: {} } ]', '1:15', /«quorum» needs keepalived, not ipvsadm/],
  ['sorry by hand', 'services: [ { realServers: [rs1], sorryServer: rs2 } ]', '1:35', /«sorryServer» needs/],
  ['alpha of ldirectord', `${ld('')}\nservices: [ { alpha: true } ]`, '2:15', /«alpha» needs keepalived/],
  ['a quorum out of reach', `${ka('')}\nservices: [ { quorum: { weight: 3 } } ]`, '2:23', /weigh 2 together/],
  [
    'sorry by nobody',
    `${ka('')}\nservices: [ { sorryServer: rs9 } ]`,
    '2:28',
    /no real server is called «rs9»/,
  ],
  [
    'sorry by one of its own',
    `${ka('')}\nservices: [ { sorryServer: rs1 } ]`,
    '2:28',
    /already is a real server/,
  ],
  [
    'heartbeat in containers',
    'driver: docker\ndirectors: { with: heartbeat, count: 2 }',
    '2:20',
    /may not mount/,
  ],
];

test.each(cases)('%s', (_what, text, at, says) => {
  const error = mistake(text);
  expect(error.message).toMatch(says);
  expect(error.place).toBe(`lab.yaml:${at}`);
});

test('a service replaces only the keys that it names', () => {
  const spec = parseLab(
    'directors: { with: keepalived, healthCheck: { interval: 2s, retries: 3 } }\nservices: [ { healthCheck: { check: http } } ]',
    'x.yaml',
  );
  expect(spec.services[0]?.healthCheck).toEqual({
    intervalMs: 2000,
    timeoutMs: 1000,
    retries: 3,
    check: 'http',
  });
});

test('ldirectord is given more time for a check, and heartbeat its times', () => {
  expect(parseLab('directors: { count: 2, with: heartbeat }', 'x.yaml').director).toEqual({
    kind: 'heartbeat',
    healthCheck: { intervalMs: 1000, timeoutMs: 3000, retries: 1 },
    heartbeat: {
      keepaliveMs: 500,
      warnMs: 1500,
      deadMs: 3000,
      initDeadMs: 6000,
      failBack: true,
      over: 'ucast',
    },
  });
});

test('a server that says sorry has the VIP, too', () => {
  const spec = parseLab(
    'directors: { with: ldirectord }\nrealServers: 3\nservices: [ { realServers: [rs1], sorryServer: rs3 } ]',
    'x.yaml',
  );
  expect(spec.services[0]).toMatchObject({ realServers: [{ name: 'rs1', weight: 1 }], sorryServer: 'rs3' });
});

test('timeouts and options of the sync daemon, in the words of both directors', () => {
  const text = (kind: string) =>
    `directors: { with: ${kind}, count: 2, sync: { id: 7, group: 224.0.0.99, ttl: 3 }, timeouts: { tcp: 10min, udp: 30s } }`;
  expect(parseLab(text('keepalived'), 'x.yaml').director).toMatchObject({
    sync: { id: 7, group: '224.0.0.99', ttl: 3 },
    timeouts: { tcpS: 600, udpS: 30 },
  });
  for (const [key, says] of [
    ['timeouts: { tcp: 500ms }', /«tcp» is 500ms; IPVS counts whole seconds/],
    ['count: 2, sync: { group: 192.0.2.1 }', /192\.0\.2\.1 is no multicast group/],
    ['lvs_timeouts: {}', /Here it is called «timeouts: /],
    ['count: 2, sync: { mcast-group: x }', /Here it is called «group»/],
  ] as const)
    expect(mistake(`directors: { with: ipvsadm, ${key} }`).message).toMatch(says);
});
