import type { FigureKind, TrialRecord, Variant } from '../../../model/comparison.ts';
import { parseLab } from '../../../model/labfile/index.ts';
import { randomFrom } from '../../../statistics/random.ts';
import { orderOf } from '../plan.ts';

/** Comparisons that were never measured: the truth about them is known. */

export const p95: FigureKind = { name: 'p95', unit: 'ms', better: 'lower', effect: 0.15 };

const spec = parseLab('realServers: 3', 'lab.yaml');

export interface Synthetic {
  /** By variant: its true value; the first is the base. */
  truth: Record<string, number>;
  blocks: number;
  seed: number;
  /** Of each measurement, as the deviation of a logarithm. */
  noise?: number;
  workload?: string;
}

/** Trials of a machine that drifts from block to block by 20 %. */
export function synthetic({ truth, blocks, seed, noise = 0.08, workload = 'slow-server' }: Synthetic) {
  const names = Object.keys(truth);
  const [base = ''] = names;
  const random = randomFrom(seed, 'synthetic');
  const order = orderOf(names, base, blocks, seed);
  const trials: TrialRecord[] = order.flatMap((block, i) => {
    const level = Math.exp(0.2 * random.normal());
    return block.map((name, j) => {
      const control = !names.includes(name);
      const variant = control ? base : name;
      const value = (truth[variant] ?? 0) * level * Math.exp(noise * random.normal());
      return trialOf({ workload, variant, control, block: i, order: i * block.length + j, value });
    });
  });
  const variants: Variant[] = names.map((name) => ({ name, title: `scheduler ${name}`, spec }));
  return { base, order, trials, variants, plan: { seed, base, blocks, fewest: 6, trialMs: 4_000, order } };
}

export function trialOf(
  one: Pick<TrialRecord, 'workload' | 'variant' | 'control' | 'block' | 'order'> & { value?: number },
): TrialRecord {
  const { value, ...where } = one;
  return {
    ...where,
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 4_000,
    figures: value === undefined ? {} : { p95: value },
    ...(value !== undefined && {
      histogram: {
        unit: 'µs' as const,
        count: 1,
        min: value,
        max: value,
        mean: value,
        buckets: [[value, 1]] as [number, number][],
      },
    }),
    shares: value === undefined ? {} : { rs1: 10, rs2: 20, rs3: 30 },
    planned: 60,
    good: value === undefined ? 0 : 60,
    errors: {},
    ...(value === undefined && { inconclusive: 'probes were sent late' }),
  };
}
