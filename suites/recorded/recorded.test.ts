import { describe, expect, test } from 'vitest';
import { checks } from '../index.ts';
import { recordedCase } from './recorded.ts';

/** The judges, on data from real labs and without any. After a change of what is observed, `npm run record` takes over new ones. */

/** Nothing that runs here can show them; their judges are tried on made data in the suite itself. */
const nowhere = ['SCH-21'];
const judged = checks.filter((check) => check.level !== 'measure' && !nowhere.includes(check.id));

describe.each(judged)('$id', (check) => {
  test('passes on what an unbroken lab showed', () => {
    const { spec, observation } = recordedCase(check);
    expect(check.judge(observation, { spec })).toMatchObject({ verdict: 'pass' });
  });

  test.each(check.mutants)('fails on what $id showed, for the stated reason', (mutant) => {
    const { spec, observation } = recordedCase(check, mutant.id);
    const { verdict, seen, cause, remedy } = check.judge(observation, { spec });
    expect(verdict).toBe('fail');
    expect(`${seen}; ${cause}`).toMatch(mutant.reason);
    expect(remedy).not.toBe('');
  });
});
