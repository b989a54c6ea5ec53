import type { ComparisonPlan, TrialRecord } from '../../../model/comparison.ts';
import { minutes } from './sizing.ts';

/** What is said while a comparison runs. */
export class ComparisonLines {
  #tookMs: number[] = [];

  /** «block 3 of 9  slow-server  lc        p95 of new connections 131 ms   about 1 min 40 s left». */
  ended(trial: TrialRecord, plan: ComparisonPlan, left: number, tookMs: number): string {
    this.#tookMs.push(tookMs);
    const meanMs = this.#tookMs.reduce((sum, one) => sum + one, 0) / this.#tookMs.length;
    const width = Math.max(...(plan.order[0] ?? []).map((name) => name.length));
    const name = trial.control ? `${trial.variant} (A/A)` : trial.variant;
    const remaining = left > 0 ? `   about ${minutes(left * meanMs)} left` : '';
    const once = trial.again === undefined ? '' : ' (again)';
    const block = trial.block < plan.blocks ? `block ${trial.block + 1} of ${plan.blocks}` : 'reserve block';
    return `${block}  ${trial.workload}  ${name.padEnd(width)}  ${cameTo(trial)}${once}${remaining}`;
  }
}

function cameTo({ figures, inconclusive }: TrialRecord): string {
  if (inconclusive !== undefined) return `no figures: ${inconclusive}`;
  const [first] = Object.entries(figures);
  return first ? `${first[0]} ${Number(first[1].toPrecision(3))}` : 'too few answers for figures';
}
