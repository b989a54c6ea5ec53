import { describe, expect, it } from 'vitest';
import { freeAddresses } from '../../src/model/free-addresses.ts';
import { hostSpec } from '../../src/model/spec.ts';
import { rowsOf } from '../../src/programs/index.ts';
import { labOf } from '../base/testing/lab-of.ts';
import { linesAbout, plan } from '../netns/plan.ts';
import { misconductOf } from './answers.ts';
import { askedIn } from './ask.ts';
import { parseStat } from './daemon.ts';
import { announcementsTable, countsIn, cycleOf, lossTable, partitionTable } from './frames.ts';
import { rogueConf, rogueIn } from './rogue-router.ts';

const vrrp = {
  version: 3 as const,
  virtualRouterId: 51,
  advertMs: 100,
  priorities: [150, 100],
  preempt: false,
};
const pair = labOf({ director: { kind: 'keepalived', vrrp }, directors: 2 });

describe('frames that the switch loses', () => {
  it.each([
    [100, { lost: 1, of: 1 }],
    [50, { lost: 1, of: 2 }],
    [30, { lost: 3, of: 10 }],
    [12.5, { lost: 1, of: 8 }],
    [1, { lost: 1, of: 100 }],
  ])('%d percent, evenly', (percent, cycle) => {
    expect(cycleOf(percent)).toEqual(cycle);
  });

  it('are a share of what a host sends, before the switch forwards it', () => {
    expect(lossTable('t', { ports: ['p1', 'p2'], direction: 'fromHost', percent: 30 })).toBe(`table bridge t {
 chain lost { type filter hook prerouting priority -300; policy accept;
  iifname { "p1", "p2" } counter
  iifname { "p1", "p2" } numgen inc mod 10 < 3 counter drop
 }
}
`);
  });

  it('are all that is sent to a host, after it', () => {
    const text = lossTable('t', { ports: ['p1'], direction: 'toHost', percent: 100 });
    expect(text).toContain('hook postrouting');
    expect(text).toContain('  oifname { "p1" } counter drop\n');
  });

  it('are those from one side to the other, both ways', () => {
    expect(partitionTable('t', [['p1'], ['p2', 'p3']])).toMatch(
      /iifname { "p1" } oifname { "p2", "p3" } counter drop\n {2}iifname { "p2", "p3" } oifname { "p1" } counter drop/,
    );
  });

  it('are announcements of the VIPs of either family, nothing else', () => {
    const text = announcementsTable('t', ['p1'], ['198.18.0.100', '2001:db8::1']);
    expect(text).toContain('arp saddr ip 198.18.0.100 arp daddr ip 198.18.0.100 counter drop');
    expect(text).toContain('ip6 daddr ff02::1 icmpv6 type nd-neighbor-advert counter drop');
  });

  it('are counted rule by rule', () => {
    const rule = (packets: number) => ({
      rule: { expr: [{ match: {} }, { counter: { packets, bytes: 1 } }] },
    });
    const json = JSON.stringify({ nftables: [{ metainfo: {} }, { chain: {} }, rule(7), rule(3)] });
    expect(countsIn(json)).toEqual([7, 3]);
  });
});

it('reads processes as the kernel tells of them, whatever their names', () => {
  expect(parseStat('12 (keepalived) T 1 12 12 0 -1\n13 (a) R (b) S 12 12 12 0 -1\n')).toEqual([
    { pid: 12, name: 'keepalived', state: 'T', group: 12 },
    { pid: 13, name: 'a) R (b', state: 'S', group: 12 },
  ]);
});

it.each([
  ['500 12\n', { outcome: 'answered', status: 500, tookMs: 12 }],
  ['silent 700\n', { outcome: 'silent', status: null, tookMs: 700 }],
])('reads what came of a request: %j', (text, asked) => {
  expect(askedIn(rowsOf(text))).toEqual(asked);
});

it('treats health checks badly by the addresses they come from', () => {
  const spec = { host: 'rs1', requesters: 'directors' } as const;
  expect(misconductOf({ kind: 'slowAnswers', delayMs: 90, ...spec }, ['198.18.1.4'])).toEqual({
    delayMs: 90,
    clients: ['198.18.1.4'],
  });
  expect(misconductOf({ kind: 'hang', host: 'rs1', requesters: 'everyone' }, ['198.18.1.4'])).toEqual({
    hang: true,
  });
});

describe('a rogue VRRP router', () => {
  it('has an address that nobody has, from the end of the segment', () => {
    expect(freeAddresses(pair, 2)).toEqual(['198.18.255.254', '198.18.255.253']);
    const taken = structuredClone(pair);
    hostSpec(taken, 'rs1').addresses = ['198.18.255.254/16'];
    expect(rogueIn(taken)).toMatchObject({ ip: '198.18.255.253', prefixLength: 16 });
  });

  it('speaks for the same virtual router, in the same way, and wants to be master', () => {
    const conf = rogueConf(pair, rogueIn(pair), 200);
    expect(conf).toMatch(
      /state MASTER\n.*interface eth0\n.*version 3\n.*virtual_router_id 51\n.*priority 200\n/,
    );
    expect(conf).toContain('advert_int 0.1\n');
    expect(conf).toContain('198.18.0.100/32 dev eth0\n');
    expect(conf).not.toContain('nopreempt');
    expect(conf).not.toContain('unicast');
  });

  it('tells each director where directors tell each other', () => {
    const unicast = { ...pair, director: { ...pair.director, vrrp: { ...vrrp, unicast: true } } };
    expect(rogueConf(unicast, rogueIn(pair), 200)).toMatch(
      /unicast_src_ip 198\.18\.255\.254\n\s+unicast_peer {\n\s+198\.18\.1\.\d+\n\s+198\.18\.1\.\d+\n/,
    );
  });
});

it('finds in the plan of a lab what belongs to one host', () => {
  const slow = structuredClone(pair);
  for (const host of slow.hosts) host.link = { delayUs: 500, jitterUs: 0, lossPercent: 0, rateBitPerS: 0 };
  const { batches, cablingOf, taps, ports } = plan(slow);
  const ofSwitch = batches.find(({ host }) => host === 'switch');
  expect(ofSwitch && linesAbout(ofSwitch, taps.get('rs1') ?? []).text).toMatch(
    new RegExp(`^qdisc add dev ${ports.get('rs1')?.[0]} [^\n]*\n$`),
  );
  const lines = cablingOf.get('rs1')?.trim().split('\n');
  expect(lines).toEqual([expect.stringMatching(`^link add ${ports.get('rs1')?.[0]} .* netns rs1 `)]);
});
