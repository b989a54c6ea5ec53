import { describe, expect, test } from 'vitest';
import { recordedCase } from '../recorded/recorded.ts';
import { saidOf } from '../testing/judging.ts';
import { remedyText } from '../testing/remedy.ts';
import { oneMacAnswers } from './answering.ts';

/** Faults that look alike, each with what tells it from the others. */

const { spec } = recordedCase(oneMacAnswers);
const macOf = (name: string): string => spec.hosts.find((host) => host.name === name)?.mac ?? '';
const stranger = '02:ff:00:00:00:09';
const answerer = (host: string, vipDevices: string[], ignore = '1', announce = '2') => ({
  ...{ host, vipDevices, device: 'eth0' },
  arpIgnore: { all: ignore, device: '0' },
  arpAnnounce: { all: announce, device: '0' },
});

describe('ARP-01 names who owns the VIP', () => {
  const said = (names: string[], settings: unknown[] = []) =>
    saidOf('ARP-01', {
      where: { 'vips.0.repliers': names.map((name) => macOf(name) || name), settings },
    });

  test.each([
    [
      'a client that has the VIP',
      ['d1', 'c1'],
      [answerer('c1', ['eth0'])],
      /c1, a client, has 198\.18\.0\.100 on eth0/,
    ],
    [
      'a client that proxies',
      ['d1', 'c1'],
      [answerer('c1', [])],
      /c1 answers .*no address of its own: proxy ARP/,
    ],
    [
      'a real server with arp_ignore 0',
      ['d1', 'rs2'],
      [answerer('rs2', ['lo'], '0')],
      /rs2: effective arp_ignore is 0/,
    ],
    [
      'a real server silenced that answers',
      ['d1', 'rs2'],
      [answerer('rs2', ['lo'])],
      /rs2 .*although arp_ignore/,
    ],
    ['a real server with it on eth0', ['d1', 'rs2'], [answerer('rs2', ['eth0'])], /rs2 has the VIP on eth0/],
    ['an unknown host', ['d1', stranger], [], /outside the lab owns the VIP: 02:ff/],
    ['two directors', ['d1', 'd2'], [], /more than one director answers, d1 and d2: split brain/],
    ['a silent holder', [], [], /d1 has 198\.18\.0\.100 and does not answer/],
  ])('%s', (_, names, settings, cause) => {
    const { verdict, cause: found } = said(names, settings);
    expect(verdict).toBe('fail');
    expect(found).toMatch(cause);
    if (!names.includes('d2')) expect(found).not.toMatch(/split brain/);
  });

  test('nobody answers, and nobody has it', () => {
    const where = { 'vips.0.repliers': [], 'vips.0.holders': [] };
    expect(saidOf('ARP-01', { where }).cause).toBe('no director answers: none holds the VIP');
  });
});

describe('a director that answers late', () => {
  const said = (name: string) =>
    saidOf('ARP-01', {
      where: {
        'vips.0': (one: object) => ({ ...one, repliers: [], late: { mac: macOf(name), afterMs: 903 } }),
      },
    });

  test('is late, not silent, and others need not do without it', () => {
    const { verdict, seen, cause, refutes } = said('d1');
    expect(verdict).toBe('fail');
    expect(seen).toMatch(/^d1 \(\S+\) answers late, after 903 ms, for 198\.18\.0\.100$/);
    expect(cause).toMatch(/^what d1 sends or receives is delayed: a queue/);
    expect(`${seen}; ${cause}`).not.toMatch(/does not answer|none answered/);
    expect(refutes).toBeUndefined();
  });

  test('is no excuse for another host that does', () => {
    const { refutes } = said('rs2');
    expect(refutes).toEqual([{ precondition: 'vipAtDirector', hosts: ['rs2'] }]);
  });
});

describe('two directors with the VIP', () => {
  const stopped = { host: 'd1', name: 'keepalived', state: 'stopped' };
  const ended = { ...stopped, state: 'ended' };
  const both = (away: object[]) =>
    saidOf('ARP-12', {
      where: { 'vips.0.holders': ['d1', 'd2'], '': (seen: object) => ({ ...seen, away }) },
    });
  const answered = (away: object[]) =>
    saidOf('ARP-01', {
      where: {
        'vips.0.repliers': [macOf('d1'), macOf('d2')],
        '': (seen: object) => ({ ...seen, away }),
      },
    });

  test.each([
    ['stopped', stopped, 'keepalived on d1 is stopped (SIGSTOP) and does nothing', /kill -CONT/],
    ['ended', ended, 'keepalived does not run on d1', /start keepalived on d1 again.*ip addr flush dev eth0/],
  ])('are no split brain where the daemon of one is %s', (_, away, why, remedy) => {
    const cause = `${why}: it keeps 198.18.0.100, and d2 took it over`;
    expect(both([away])).toMatchObject({ cause, refutes: [{ hosts: ['d1'] }] });
    expect(answered([away]).cause).toBe(cause);
    expect(remedyText(both([away]))).toMatch(remedy);
    expect(remedyText(both([away]))).not.toMatch(/proto 112/);
  });

  test('are one where both daemons work, or it is that of a third', () => {
    for (const away of [[], [{ ...ended, host: 'd3' }]]) {
      expect(both(away)).toMatchObject({
        cause: expect.stringMatching(/^d1 and d2 do not hear each other: split brain/),
        refutes: [{ hosts: ['d1', 'd2'] }],
      });
      expect(answered(away).cause).toMatch(/split brain/);
    }
  });

  test('or none, since no daemon runs', () => {
    const none = (away: object[]) =>
      saidOf('ARP-12', { mutant: 'no-vrrp-process', where: { '': (seen: object) => ({ ...seen, away }) } });
    expect(none([ended, { ...ended, host: 'd2' }]).cause).toBe(
      'keepalived does not run on d1; keepalived does not run on d2: no director took 198.18.0.100 over',
    );
    expect(none([]).cause).toBe('no director took the VIP over');
  });
});

describe('ARP-02 says why the entry is another host’s', () => {
  const vip = '198.18.0.100';
  interface Seen {
    op?: 1 | 2;
    set?: unknown;
    state?: string;
  }
  const said = (name: string, more: Seen) =>
    saidOf('ARP-02', {
      where: {
        '': (seen: object) => ({
          ...seen,
          mac: macOf(name) || name,
          state: more.state ?? 'REACHABLE',
          sent: more.op ? [{ mac: macOf(name), senderIp: vip, op: more.op }] : [],
          ...(more.set ? { senders: [more.set], owner: more.set } : {}),
        }),
      },
    }).cause;

  test.each([
    [
      'the VIP on eth0 with arp_ignore 1',
      'rs3',
      { op: 2, set: answerer('rs3', ['eth0']) },
      /rs3 has the VIP on eth0, where arp_ignore=1/,
    ],
    ['arp_ignore 0', 'rs3', { op: 2, set: answerer('rs3', ['lo'], '0') }, /effective arp_ignore is 0/],
    [
      'a reply of which nothing is known',
      'rs3',
      { op: 2 },
      /it has it on its interface .*, or arp_ignore is 0/,
    ],
    [
      'arp_announce 0',
      'rs3',
      { op: 1, set: answerer('rs3', ['lo'], '1', '0') },
      /arp_announce is 0 on eth0, below 2/,
    ],
    [
      'announced although it is 2',
      'rs3',
      { op: 1, set: answerer('rs3', ['lo']) },
      /although arp_announce is 2: a program/,
    ],
    [
      'a permanent entry',
      'rs3',
      { state: 'PERMANENT' },
      /c1 has a permanent neighbour entry for 198\.18\.0\.100 with the MAC of rs3/,
    ],
    ['another client', 'c1', { set: answerer('c1', ['eth0']) }, /c1, a client, has 198/],
    ['an unknown host', stranger, {}, /unknown host 02:ff:00:00:00:09 was taken for the VIP/],
  ] satisfies [string, string, Seen, RegExp][])('%s', (what, name, more: Seen, cause) => {
    const found = said(name, more);
    expect(found).toMatch(cause);
    if (what !== 'arp_ignore 0' && more.op !== 2) expect(found).not.toMatch(/arp_ignore is 0/);
  });
});

describe('ARP-06 tells late from silent', () => {
  const said = (more: object) =>
    saidOf('ARP-06', { where: { 'rips.0': (rip: object) => ({ ...rip, repliers: [], ...more }) } });
  const set = { arpIgnore: 1, flags: ['UP', 'LOWER_UP'], addresses: ['198.18.1.1'] };

  test('an answer that came late', () => {
    const { seen, cause } = said({ late: { mac: macOf('rs1'), afterMs: 401 } });
    expect(seen).toBe('rs1 answers late, after 401 ms');
    expect(`${seen}; ${cause}`).not.toMatch(/arp_ignore|no ARP request/);
  });

  test('a late answer of another host', () => {
    expect(said({ late: { mac: macOf('rs2'), afterMs: 401 } }).cause).toMatch(/used twice/);
  });

  test.each([
    [{ arpIgnore: 8 }, /^rs1: arp_ignore is 8$/],
    [{ flags: ['UP', 'NOARP'] }, /^rs1: its interface has ARP off$/],
    [{ flags: [] }, /^rs1: its interface is down$/],
    [{ addresses: [] }, /^rs1: 198\.18\.1\.1 is not on its interface/],
    [{}, /^rs1: it is off the segment, or a filter/],
  ])('no answer: %o', (more, cause) => {
    const found = said({ set: { ...set, ...more } });
    expect(found.seen).toMatch(/rs1 answers no ARP request/);
    expect(found.cause).toMatch(cause);
  });

  test('no answer, and nothing is known of the host', () => {
    expect(said({}).cause).toMatch(/down or off the segment, .*arp_ignore=8, ARP off, a filter/);
  });
});

test.each([
  ['rs2', /^on rs2: sysctl .*arp_ignore=1$/],
  ['c1', /^on c1: ip addr show to 198\.18\.0\.100; /],
])('ARP-11 tells %s what fits it', (name, remedy) => {
  expect(remedyText(saidOf('ARP-11', { where: { 'vips.0.conflicts': [macOf(name)] } }))).toMatch(remedy);
});
