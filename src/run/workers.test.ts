import { describe, expect, it } from 'vitest';
import { type Check, check, type Scheduling } from '../model/check.ts';
import type { Case } from '../model/job.ts';
import { parseLab } from '../model/labfile/index.ts';
import { caseName } from './purpose.ts';
import { brokenBy, inRun } from './testing/purposes.ts';
import { phasesOf, queueOf } from './workers.ts';

const spec = parseLab('name: one', 'one.yaml');
const aCheck = (id: string, scheduling: Scheduling = {}, disturbs = false): Check =>
  check({
    id,
    suite: 'path',
    scheduling,
    level: 'must',
    title: id,
    requirement: id,
    source: id,
    needs: [],
    mutants: [],
    ...(disturbs && { disturbs }),
    observe: async () => 1,
    judge: () => ({ verdict: 'pass', expected: '', seen: '' }),
  });
const timers = { clock: 'virtual' } as const;
const checks = [
  aCheck('A'),
  aCheck('B'),
  aCheck('H', timers),
  ...['H1', 'H2', 'H3', 'H4', 'H5', 'H6'].map((id) => aCheck(id, timers, true)),
  aCheck('T', { clock: 'real', alone: true }),
];
const aCase = (group: string | undefined, ids: string[]): Case => ({
  purpose: inRun(group),
  spec,
  checks: ids,
});
const many = Array.from({ length: 30 }, (_, i) => aCase(`c${i}`, ['A', 'B']));

describe('workers', () => {
  it('hold every case once, in order', () => {
    const { besides, alone } = phasesOf(many, checks, 3);
    const [workers = []] = besides;
    expect(workers.map(({ name }) => name)).toEqual(['', '2', '3']);
    expect([besides.length, alone]).toEqual([1, []]);
    const names = workers.map((worker) => worker.cases.map((one) => many.indexOf(one)));
    expect(names.flat().toSorted((a, b) => a - b)).toEqual(many.map((_, i) => i));
    for (const worker of names) expect(worker).toEqual(worker.toSorted((a, b) => a - b));
    const sizes = names.map((worker) => worker.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it('are one where there is little to do', () => {
    expect(phasesOf(many.slice(0, 4), checks, 3).besides).toMatchObject([[{ name: '' }]]);
  });

  it('come phase by phase, and leave the machine to what measures it', () => {
    const cases = [aCase('alone', ['T']), aCase('failover', ['H']), aCase(undefined, ['A'])];
    const { besides, alone } = phasesOf(cases, checks, 2);
    expect(
      [...besides, ...alone].map((workers) =>
        workers.map(({ name, cases: own }) => [name, own[0] && caseName(own[0])]),
      ),
    ).toEqual([[['', 'run']], [['timers-1', 'run@failover']], [['alone', 'run@alone']]]);
  });

  it('share out the checks of a case that get labs of their own, each of them once', () => {
    const ids = ['H1', 'H', 'H2', 'H3', 'H4', 'H5', 'H6'];
    const [workers = []] = phasesOf([aCase('failover', ids)], checks, 2).besides;
    expect(workers).toHaveLength(2);
    const all = workers.flatMap((worker) => worker.cases);
    expect(all.every((one) => caseName(one) === 'run@failover')).toBe(true);
    expect(all.flatMap((one) => one.checks).toSorted()).toEqual(ids.toSorted());
  });

  it('are none where there is nothing to do', () => {
    expect(phasesOf([], checks, 2)).toEqual({ besides: [], alone: [] });
  });
});

describe('a queue', () => {
  it('has every check once, those that disturb their lab apart, the longest first', () => {
    const cases = [aCase(undefined, ['A', 'B']), aCase('failover', ['H', 'H1', 'H2']), aCase('x', ['B'])];
    expect(
      queueOf(cases, checks, () => false)
        .flat()
        .map((one) => [caseName(one), one.checks]),
    ).toEqual([
      ['run@failover', ['H1']],
      ['run@failover', ['H2']],
      ['run', ['A', 'B']],
      ['run@failover', ['H']],
      ['run@x', ['B']],
    ]);
  });

  it('puts short ones together, as far as one guest is worth it', () => {
    const sizes = queueOf(many, checks, () => false).map((group) => group.length);
    expect(sizes).toEqual([7, 7, 7, 7, 2]);
    const hours = aCheck('L', { clock: 'virtual', hours: true });
    const withHours = [aCase('hours', ['L']), aCase(undefined, ['A'])];
    expect(queueOf(withHours, [...checks, hours], () => false).map((group) => group.map(caseName))).toEqual([
      ['run@hours'],
      ['run'],
    ]);
  });

  it('leaves a broken lab whole, since its first check is the one that it was broken for', () => {
    const broken: Case = { purpose: brokenBy('H1', 'mutant'), spec, checks: ['H1', 'A', 'B'] };
    expect(queueOf([broken], checks, () => false)).toEqual([[broken]]);
  });
});
