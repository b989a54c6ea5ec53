import { describe, expect, it } from 'vitest';
import { findLab, readLab } from '../model/labfile/index.ts';
import type { RandomFault } from '../model/random-fault.ts';
import type { CheckResult } from '../model/record.ts';
import { countsOf, exitOfRandom, scoreOf } from './random.ts';

const { spec } = await readLab(await findLab('default'));

const fault: RandomFault = {
  ...{ id: 'R01', family: 'routes', kind: 'no-way-to-client', hosts: ['rs2'], breaks: 'rs2 has no route' },
  change: (lab) => lab,
  cause: /no route/,
};
const { cause: _, ...rest } = fault;
const harmless: RandomFault = { ...rest, family: 'harmless' };

const result = (id: string, of: Partial<CheckResult>): CheckResult => ({
  ...{ id, suite: 'path', level: 'must', title: '', requirement: '', source: '', verdict: 'pass' },
  ...{ figures: [], charts: [], evidence: [], startedAt: '2026-01-01T00:00:00.000Z', durationMs: 1 },
  ...of,
});
const green = [result('PP-01', {}), result('PP-16', {})];
const failing = (seen: string, cause?: string) =>
  result('PP-16', { verdict: 'fail', seen, ...(cause !== undefined && { cause }) });
const outcomeIn = (results: CheckResult[], one = fault, before = green) =>
  scoreOf(one, spec, { results, faults: [], exitCode: 0 }, before).outcome;

describe('what was said of a random fault', () => {
  it('is right where the first finding names host and cause', () => {
    expect(outcomeIn([failing('rs2 does not answer', 'rs2 has no route back')])).toBe('right');
    expect(outcomeIn([failing('rs2 does not answer', 'rs2 drops it')])).toBe('wrong-cause');
    expect(outcomeIn([failing('rs2 does not answer', 'rs1 has no route back')])).toBe('wrong-host');
    expect(outcomeIn([failing('rs2 does not answer: no route')])).toBe('right');
  });

  it('is no right host where every host of the role is named', () => {
    const all = failing('no route', 'no route on rs1, rs2 or rs3');
    expect(outcomeIn([all])).toBe('wrong-host');
    expect(outcomeIn([all], { ...fault, hosts: ['rs1', 'rs2', 'rs3'] })).toBe('right');
  });

  it('is missed, quiet or a false alarm', () => {
    expect(outcomeIn(green)).toBe('missed');
    expect(outcomeIn(green, harmless)).toBe('quiet');
    expect(outcomeIn([failing('rs2: no route')], harmless)).toBe('false-alarm');
  });

  it('is the first finding, and not what is wrong in the unbroken lab', () => {
    const warned = result('PP-01', { verdict: 'warn', seen: 'rs1 is odd' });
    const failed = failing('rs2: no route');
    expect(scoreOf(fault, spec, { results: [failed, warned], faults: [], exitCode: 1 }, green)).toMatchObject(
      {
        outcome: 'right',
        first: { check: 'PP-16' },
        others: [{ check: 'PP-01', verdict: 'warn' }],
      },
    );
    expect(outcomeIn([failed], fault, [failed])).toBe('no-verdict');
    expect(outcomeIn([failed, result('PP-01', {})], fault, [failed])).toBe('missed');
  });

  it('is no verdict where the lab could not be judged', () => {
    const run = { results: [], faults: [{ message: 'the hook failed' }], exitCode: 65 };
    expect(scoreOf(fault, spec, run, green)).toMatchObject({
      outcome: 'no-verdict',
      reason: 'the hook failed',
    });
    expect(scoreOf(fault, spec, { results: green, faults: [], exitCode: 130 }, green).outcome).toBe(
      'no-verdict',
    );
  });
});

describe('the exit code', () => {
  const exit = (...outcomes: Parameters<typeof countsOf>[0][number]['outcome'][]) =>
    exitOfRandom(
      { counts: countsOf(outcomes.map((outcome) => ({ outcome }))) },
      { results: green, faults: [] },
    );

  it('is 0 only where all were found rightly and nothing harmless was', () => {
    expect(exit('right', 'quiet')).toBe(0);
    for (const bad of ['missed', 'wrong-host', 'wrong-cause', 'false-alarm'] as const)
      expect(exit('right', bad)).toBe(1);
    expect(exit('right', 'no-verdict')).toBe(2);
    expect(exit()).toBe(3);
  });

  it('is that of the unbroken lab where that is not green', () => {
    const red = { results: [failing('rs1')], faults: [] };
    expect(exitOfRandom({ counts: countsOf([]) }, red)).toBe(1);
  });
});

it('counts are of what was judged, host before cause', () => {
  const outcomes = [
    'right',
    'wrong-cause',
    'wrong-host',
    'missed',
    'quiet',
    'false-alarm',
    'no-verdict',
  ] as const;
  expect(countsOf(outcomes.map((outcome) => ({ outcome })))).toEqual({
    ...{ faults: 4, found: 3, rightHost: 2, rightCause: 1, harmless: 2, falseAlarms: 1, noVerdict: 1 },
  });
});
