import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Case } from '../model/job.ts';
import { timeoutMs } from '../util/timeouts.ts';
import { Bench, type Driver, type Workshop } from './bench.ts';

/** Declares one vitest suite a case and one test a check. What happened is told by events, not by vitest. */
export function defineCases(cases: readonly Case[], workshop: Workshop): void {
  const driver: Driver = { built: false, refused: false };
  for (const [index, one] of cases.entries()) defineCase(one, index === 0, workshop, driver);
}

function defineCase(one: Case, first: boolean, workshop: Workshop, driver: Driver): void {
  const { emit } = workshop;
  describe(one.name, () => {
    const bench = new Bench(one, first, workshop, driver);
    beforeAll(async () => {
      if (driver.refused) return;
      emit({ type: 'case-start', case: one.name, checks: one.checks });
      if (one.impossible === undefined) await bench.freshLab();
    }, timeoutMs.labUp + 10_000);
    afterAll(() => bench.takeDown(), timeoutMs.labUp);
    for (const [index, id] of one.checks.entries()) {
      const check = workshop.checks.find((candidate) => candidate.id === id);
      if (!check) throw new Error(`no check ${id}`);
      const limitMs = 2 * (check.timeoutMs ?? timeoutMs.check) + 3 * timeoutMs.labUp;
      test(
        id,
        async () => {
          if (driver.refused) return;
          emit({ type: 'check-start', case: one.name, id, title: check.title });
          const result = await bench.run(check, index === one.checks.length - 1);
          emit({ type: 'check-end', case: one.name, result });
          if (result.verdict === 'fail' || result.verdict === 'broken')
            throw new Error(result.seen ?? result.reason);
        },
        limitMs,
      );
    }
  });
}
