import { describe, expect, it } from 'vitest';
import { type Check, check } from '../model/check.ts';
import type { Signature } from '../model/diagnosis.ts';
import type { CheckResult, MutantResult } from '../model/record.ts';
import type { LabSpec } from '../model/spec.ts';
import { described } from './check.ts';
import { diagnose, signaturesOf } from './diagnose.ts';

const aCheck = (id: string, mutants: Check['mutants'] = []): Check =>
  check({
    id,
    suite: 'arp',
    level: 'must',
    title: id,
    requirement: id,
    source: id,
    needs: [],
    mutants,
    observe: async () => 1,
    judge: () => ({ verdict: 'pass', expected: '', seen: '' }),
  });
const result = (
  id: string,
  verdict: CheckResult['verdict'],
  more: Partial<CheckResult> = {},
): CheckResult => ({
  ...described(aCheck(id)),
  verdict,
  figures: [],
  charts: [],
  evidence: [],
  startedAt: '2026-01-01T00:00:00Z',
  durationMs: 1,
  ...more,
});
const ignore: Signature = {
  mutant: 'ARP-01/ignore',
  breaks: 'arp_ignore left at 0',
  failed: ['ARP-01', 'ARP-02', 'PP-06'],
  passed: ['ARP-03', 'VIP-01'],
};
const announce: Signature = {
  mutant: 'ARP-03/announce',
  breaks: 'arp_announce left at 0',
  failed: ['ARP-03', 'ARP-02', 'PP-06'],
  passed: ['ARP-01', 'VIP-01'],
};
const known = [ignore, announce];
const breaking = (id: string, reason: RegExp) => ({
  id,
  breaks: '',
  change: (spec: LabSpec) => spec,
  reason,
});
const announcing = aCheck('ARP-03', [
  breaking('announce', /arp_announce is 0/),
  breaking('on-lo', /arp_announce is 0/),
  breaking('elsewhere', /another subnet/),
]);
const setIt = [{ on: 'rs1', run: 'sysctl -w net.ipv4.conf.all.arp_announce=2' }];

describe('a diagnosis', () => {
  it('ranks the misconfiguration first whose failures are those of the run', () => {
    const results = [
      result('ARP-01', 'pass'),
      result('ARP-02', 'fail'),
      result('ARP-03', 'fail', { cause: 'rs1: arp_announce is 0', remedy: setIt }),
      result('VIP-01', 'pass'),
    ];
    const [first, ...others] = diagnose(results, known, [announcing]);
    expect(first).toMatchObject({
      mutant: 'ARP-03/announce',
      agree: 4,
      of: 4,
      cause: 'rs1: arp_announce is 0',
      remedy: setIt,
    });
    // Nothing else is shown, so there is nothing to be told apart from.
    expect(first).not.toHaveProperty('apart');
    expect(first?.share).toBeGreaterThan(0.9);
    expect(others).toEqual([]);
  });
  it('names the check that would tell two candidates apart, where it did not decide', () => {
    const twin = { ...announce, mutant: 'ARP-02/other', breaks: 'the other', failed: ['ARP-02'] };
    const [a, b] = [
      { ...announce, passed: ['ARP-01'] },
      { ...twin, failed: ['ARP-02', 'ARP-01'] },
    ];
    const entry = aCheck('ARP-02', [breaking('other', /of rs1/)]);
    const results = [
      result('ARP-02', 'fail', { cause: 'the entry is that of rs1', remedy: setIt }),
      result('ARP-03', 'fail', { cause: 'arp_announce is 0' }),
      result('ARP-01', 'inconclusive'),
    ];
    const both = diagnose(results, [a, b], [announcing, entry]);
    expect(both).toHaveLength(2);
    expect(both[0]?.apart).toMatch(/^drlab run ARP-01: it passes with this one and not with «the other»/);
  });
  it('is one where candidates have the same remedy', () => {
    const alike = { ...announce, mutant: 'ARP-03/on-lo', breaks: 'arp_announce set on lo only' };
    const results = [
      result('ARP-02', 'fail'),
      result('ARP-03', 'fail', { cause: 'rs1: arp_announce is 0', remedy: setIt }),
    ];
    const [first, ...others] = diagnose(results, [announce, alike, ignore], [announcing]);
    expect(first).toMatchObject({ mutant: 'ARP-03/announce', also: ['arp_announce set on lo only'] });
    expect(first?.share).toBe(1);
    expect(others).toEqual([]);
  });
  it('borrows no remedy from another check', () => {
    const results = [
      result('ARP-02', 'fail', { cause: 'c', remedy: setIt }),
      result('ARP-03', 'inconclusive'),
    ];
    expect(diagnose(results, known, [announcing])).toEqual([]);
  });
  it('names nothing whose own check fails in other words, or passes, however alike the pattern is', () => {
    const failing = (id: string, more: Partial<CheckResult> = {}) => result(id, 'fail', more);
    const client = failing('ARP-03', { cause: 'c1, a client, has the VIP on eth0' });
    expect(diagnose([client, failing('ARP-02'), failing('PP-06')], [announce], [announcing])).toEqual([]);
    const passing = [result('ARP-03', 'pass'), failing('ARP-02'), failing('PP-06')];
    expect(diagnose(passing, [announce], [announcing])).toEqual([]);
  });
  it('explains no consequence', () => {
    const muted = aCheck('ARP-01', [breaking('ignore', /silent/)]);
    const results = [
      result('ARP-01', 'fail', { seen: 'silent' }),
      result('ARP-03', 'fail', { cause: 'arp_announce is 0', because: { check: 'ARP-01', hosts: ['rs1'] } }),
    ];
    expect(diagnose(results, known, [announcing, muted]).map(({ mutant }) => mutant)).toEqual([
      'ARP-01/ignore',
    ]);
  });
  it('takes what is wrong with one real server for what may be wrong with another', () => {
    const first = aCheck('ARP-03', [breaking('announce', /^rs1 asks; rs1: arp_announce is 0/)]);
    const results = [result('ARP-03', 'fail', { seen: 'rs2 asks', cause: 'rs2: arp_announce is 0' })];
    expect(diagnose(results, [announce], [first])).toEqual([]);
    expect(diagnose(results, [announce], [first], ['rs1', 'rs2'])).toHaveLength(1);
  });
  it('believes the reason in its own words', () => {
    const twin = { ...ignore, mutant: 'ARP-01/on-eth0', breaks: 'the VIP on eth0' };
    const reasons = aCheck('ARP-01', [
      { id: 'ignore', breaks: '', change: (spec) => spec, reason: /arp_ignore is 0/ },
      { id: 'on-eth0', breaks: '', change: (spec) => spec, reason: /VIP on eth0/ },
    ]);
    const results = [result('ARP-01', 'fail', { seen: 'two answer', cause: 'rs2 has the VIP on eth0' })];
    expect(diagnose(results, [ignore, twin], [reasons])[0]?.mutant).toBe('ARP-01/on-eth0');
  });
  it('is silent where nothing failed, or nothing known is like it', () => {
    expect(diagnose([result('ARP-01', 'pass')], known, [])).toEqual([]);
    expect(diagnose([result('HA-01', 'fail')], known, [])).toEqual([]);
  });
});

it('signatures come from mutants that were killed', () => {
  const mutant: MutantResult = {
    check: 'ARP-01',
    mutant: 'ignore',
    breaks: 'b',
    outcome: 'killed',
    verdict: 'fail',
    seen: '',
    others: [
      { check: 'ARP-02', verdict: 'fail' },
      { check: 'VIP-01', verdict: 'pass' },
      { check: 'PP-11', verdict: 'broken' },
    ],
  };
  expect(signaturesOf([mutant, { ...mutant, outcome: 'survived' }])).toEqual([
    { mutant: 'ARP-01/ignore', breaks: 'b', failed: ['ARP-01', 'ARP-02'], passed: ['VIP-01'] },
  ]);
});
