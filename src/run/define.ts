import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Case } from '../model/job.ts';
import { vantagesOf } from '../model/vantage.ts';
import { timeoutMs } from '../util/timeouts.ts';
import type { BuildState, Workshop } from './case-lab.ts';
import { checksOf, Play } from './play.ts';
import { caseName } from './purpose.ts';

/** Declares one vitest suite a case and one test a check. Events report what happened, not vitest. */
export function defineCases(cases: readonly Case[], workshop: Workshop): void {
  const state: BuildState = { built: false, refused: false, found: [] };
  for (const [index, one] of cases.entries()) defineCase(one, index === 0, workshop, state);
}

function defineCase(one: Case, first: boolean, workshop: Workshop, state: BuildState): void {
  describe(caseName(one), () => {
    const play = new Play(one, first, workshop, state);
    beforeAll(() => play.begin(), timeoutMs.labUp + 10_000);
    afterAll(() => play.end(), timeoutMs.labUp);
    for (const check of checksOf(one, workshop)) {
      const looks = vantagesOf(one.spec, check.vantages).length;
      const limitMs = 2 * looks * (check.timeoutMs ?? timeoutMs.check) + 3 * timeoutMs.labUp;
      test(
        check.id,
        async () => {
          const result = await play.run(check);
          if (result?.verdict === 'fail' || result?.verdict === 'broken')
            throw new Error(result.seen ?? result.reason);
        },
        limitMs,
      );
    }
  });
}
