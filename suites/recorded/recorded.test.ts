import { describe, expect, test } from 'vitest';
import { findLab, readLab } from '../../src/model/labfile/index.ts';
import { checks } from '../index.ts';
import { readRecorded, writeRecorded } from './recorded.ts';

/**
 * The judges, on data from real labs and without any. After a change of what is observed, record anew:
 * `drlab mutants --out DIR && RECORD_FROM=DIR npm run test:unit`.
 */
if (process.env.RECORD_FROM) writeRecorded(process.env.RECORD_FROM);
const recorded = readRecorded();
const { spec } = await readLab(await findLab('default'));
const of = (id: string, name: string) => recorded.find((one) => one.check === id && one.case === name);

describe.each(checks.filter((check) => check.level !== 'measure'))('$id', (check) => {
  test('passes on what an unbroken lab showed', () => {
    const seen = of(check.id, 'before');
    expect(seen, 'not recorded').toBeDefined();
    expect(check.judge(seen?.observation, { spec })).toMatchObject({ verdict: 'pass' });
  });

  test('has a mutant', () => expect(check.mutants.length).toBeGreaterThan(0));

  test.each(check.mutants)('fails on what $id showed, for the stated reason', (mutant) => {
    const seen = of(check.id, `${check.id}/${mutant.id}`);
    expect(seen, 'not recorded').toBeDefined();
    const { verdict, seen: said, cause, mend } = check.judge(seen?.observation, { spec });
    expect(verdict).toBe('fail');
    expect(`${said}; ${cause}`).toMatch(mutant.reason);
    expect(mend).not.toBe('');
  });
});
