import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findLab, readLab } from '../../src/model/labfile/index.ts';
import type { RunRecord } from '../../src/model/record.ts';
import { stagedSpec } from '../../src/run/cases.ts';
import { signaturesOf } from '../../src/run/diagnose.ts';
import { brokenSpec } from '../../src/run/mutants.ts';
import { checks } from '../index.ts';
import { readRecorded, writeRecorded } from './recorded.ts';
import { writeSignatures } from './signatures.ts';

/**
 * The judges, on data from real labs and without any. After a change of what is observed, record anew:
 * `drlab mutants CHECK --out DIR && RECORD_FROM=DIR npx vitest run --config vitest.unit.config.js suites/recorded`.
 */
const from = process.env.RECORD_FROM;
if (from) {
  writeRecorded(from, checks);
  const { mutants = [] } = JSON.parse(readFileSync(join(from, 'run.json'), 'utf8')) as RunRecord;
  if (mutants.some((one) => one.others)) writeSignatures('.', signaturesOf(mutants));
}
const recorded = [...new Set(checks.map((check) => check.suite))].flatMap(readRecorded);
const { spec } = await readLab(await findLab('default'));
const of = (id: string, name: string) => recorded.find((one) => one.check === id && one.case === name);

/** Nothing that runs here can show them; their judges are tried on made data in the suite itself. */
const nowhere = ['SCH-21'];
const judged = checks.filter((check) => check.level !== 'measure' && !nowhere.includes(check.id));

describe.each(judged)('$id', (check) => {
  test('passes on what an unbroken lab showed', () => {
    const staged = stagedSpec(spec, check);
    if ('impossible' in staged) throw new Error(staged.impossible);
    const seen = of(check.id, 'before');
    expect(seen, 'not recorded').toBeDefined();
    expect(check.judge(seen?.observation, { spec: staged.spec })).toMatchObject({ verdict: 'pass' });
  });

  test.each(check.mutants)('fails on what $id showed, for the stated reason', (mutant) => {
    const broken = brokenSpec(spec, check, mutant);
    const seen = of(check.id, `${check.id}/${mutant.id}`);
    expect(seen, 'not recorded').toBeDefined();
    if (!broken) throw new Error('the default lab has nothing to break so');
    const { verdict, seen: said, cause, remedy } = check.judge(seen?.observation, { spec: broken });
    expect(verdict).toBe('fail');
    expect(`${said}; ${cause}`).toMatch(mutant.reason);
    expect(remedy).not.toBe('');
  });
});
