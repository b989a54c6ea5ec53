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
