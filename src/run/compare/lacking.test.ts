import { expect, it } from 'vitest';
import { lackingPairs } from './lacking.ts';
import { p95, synthetic, trialOf } from './testing/synthetic.ts';

/** Two comparisons need 7 pairs; which trials came to nothing is said as `variant block`, or `again block`. */
function lacking(unhealthy: string[], blocks = 8): string[] {
  const { trials, variants, base } = synthetic({ truth: { rr: 1000, lc: 300, wrr: 900 }, blocks, seed: 4 });
  return lackingPairs({
    plan: { base, fewest: 7 },
    workloads: [{ id: 'slow-server', figures: [p95] }],
    variants: variants.map(({ name }) => name),
    trials: trials.map((trial) =>
      unhealthy.includes(`${trial.control ? 'again' : trial.variant} ${trial.block}`)
        ? trialOf(trial)
        : trial,
    ),
  });
}

it('asks for more only where pairs with figures are fewer than a verdict needs', () => {
  expect(lacking([])).toEqual([]);
  expect(lacking(['lc 3'])).toEqual([]);
  expect(lacking(['lc 3', 'lc 5'])).toEqual(['slow-server']);
  expect(lacking(['lc 3', 'wrr 5'])).toEqual([]);
});

it('the second turn of the base stands in for its first, but not in the control', () => {
  expect(lacking(['rr 1', 'lc 2'])).toEqual([]);
  expect(lacking(['rr 1', 'again 1'])).toEqual([]);
  expect(lacking(['rr 1', 'again 2'])).toEqual(['slow-server']);
});
