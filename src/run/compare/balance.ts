import type { ComparedWorkload, TrialRecord } from '../../model/comparison.ts';
import { goodnessOfFit } from '../../statistics/chi-square.ts';
import { jainIndex } from '../../statistics/fairness.ts';

export interface WeightedServer {
  name: string;
  weight: number;
}

type Balance = ComparedWorkload['balance'][number];

/** Below this a chi-square is rough: Cochran, Biometrics 10 (1954). */
const fewestExpected = 5;

/** How the good answers of a variant were shared out, over all its trials; undefined where there were none. */
export function balanceOf(
  variant: string,
  trials: readonly TrialRecord[],
  servers: readonly WeightedServer[],
): Balance | undefined {
  const counts = servers.map(({ name }) => trials.reduce((sum, { shares }) => sum + (shares[name] ?? 0), 0));
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const weights = servers.map(({ weight }) => weight);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const testable = weights.filter((weight) => weight > 0).length >= 2;
  const fit = testable ? goodnessOfFit(counts, weights) : undefined;
  return {
    variant,
    shares: servers.map(({ name, weight }, i) => ({
      server: name,
      share: (counts[i] ?? 0) / total,
      ...(whole > 0 && { expected: weight / whole }),
    })),
    jain: jainIndex(counts, whole > 0 ? weights : undefined),
    ...(fit && fit.smallestExpected >= fewestExpected && { p: fit.p }),
  };
}
