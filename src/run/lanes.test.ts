import { describe, expect, it } from 'vitest';
import { type Check, check } from '../model/check.ts';
import type { Case } from '../model/job.ts';
import { parseLab } from '../model/labfile/index.ts';
import { lanesOf } from './lanes.ts';

const spec = parseLab('name: one', 'one.yaml');
const aCheck = (id: string, suite: Check['suite'] = 'path'): Check =>
  check({
    id,
    suite,
    level: 'must',
    title: id,
    requirement: id,
    source: id,
    needs: [],
    mutants: [],
    observe: async () => 1,
    judge: () => ({ verdict: 'pass', expected: '', seen: '' }),
  });
const checks = [aCheck('A'), aCheck('B'), aCheck('T', 'latency')];
const aCase = (name: string, ids: string[]): Case => ({ name, spec, checks: ids });
const many = Array.from({ length: 30 }, (_, i) => aCase(`c${i}`, ['A', 'B']));

describe('lanes', () => {
  it('hold every case once, in order', () => {
    const { together, alone } = lanesOf(many, checks, 3);
    expect(together).toHaveLength(3);
    expect(alone).toEqual([]);
    const names = together.map((lane) => lane.map((one) => Number(one.name.slice(1))));
    expect(names.flat().toSorted((a, b) => a - b)).toEqual(many.map((_, i) => i));
    for (const lane of names) expect(lane).toEqual(lane.toSorted((a, b) => a - b));
    const sizes = names.map((lane) => lane.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });
  it('are one where there is little to do', () => {
    expect(lanesOf(many.slice(0, 4), checks, 3).together).toHaveLength(1);
  });
  it('leave the machine to what measures time', () => {
    const { together, alone } = lanesOf([aCase('run', ['A']), aCase('run@alone', ['T'])], checks, 2);
    expect(together.map((lane) => lane.map((one) => one.name))).toEqual([['run']]);
    expect(alone.map((one) => one.name)).toEqual(['run@alone']);
  });
});
