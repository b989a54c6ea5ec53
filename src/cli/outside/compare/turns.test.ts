import { describe, expect, it } from 'vitest';
import type { ComparisonPlan, TrialRecord } from '../../../model/comparison.ts';
import { parseLab } from '../../../model/labfile/index.ts';
import type { BegunComparison } from '../../../model/state.ts';
import { orderOf } from '../../../run/compare/plan.ts';
import { ComparedLabs } from './labs.ts';
import { nextTasks, plannedTasks } from './turns.ts';

const spec = parseLab('realServers: 2', 'lab.yaml');
const variants = ['rr', 'lc'].map((name) => ({ name, title: name, spec }));
const begun = { variants, workloads: ['uniform'], wanted: { seed: 1, base: 'rr' } } as BegunComparison;
const planned = (budgetMs?: number): ComparisonPlan => ({
  ...{ seed: 1, base: 'rr', blocks: 6, reserve: 2, fewest: 6, trialMs: 5_000 },
  ...{ rates: [{ workload: 'uniform', rateHz: 20, why: 'half' }], order: orderOf(['rr', 'lc'], 'rr', 8, 1) },
  ...(budgetMs !== undefined && { budgetMs }),
});
const tasks = plannedTasks(begun, planned(), new ComparedLabs(['uniform'], variants, false));
const ended = (bad: (trial: TrialRecord) => boolean, blocks = 6): TrialRecord[] =>
  tasks
    .filter(({ block }) => block < blocks)
    .map(({ workload, variant, control, block, order }) => {
      const trial = { workload, variant, control, block, order, startedAt: '', durationMs: 10_000 };
      const counts = { shares: {}, planned: 1, good: 1, errors: {} };
      const known: TrialRecord = { ...trial, ...counts, figures: { 'median of new connections': 5 } };
      return bad(known) ? { ...known, figures: {}, inconclusive: 'late', again: 'late' } : known;
    });
const next = (trials: TrialRecord[], o: { budgetMs?: number; spentMs?: number } = {}) =>
  nextTasks(begun, planned(o.budgetMs), tasks, trials, o.spentMs ?? 0).map(({ block }) => block);

it('a trial at half the rate lasts twice as long, since percentiles need as many answers', () => {
  expect(tasks[0]).toMatchObject({ factor: 0.5, trialMs: 10_000 });
});

describe('what is measured next', () => {
  const lcOnce = ({ variant, block }: TrialRecord) => variant === 'lc' && block === 2;

  it('are all blocks of the plan, without its reserve; what is there is not measured again', () => {
    expect(next([])).toEqual([0, 1, 2, 3, 4, 5].flatMap((block) => [block, block, block]));
    expect(next(ended(() => false, 5))).toEqual([5, 5, 5]);
  });

  it('is nothing once all have figures, and one block of the reserve where one has none', () => {
    expect(next(ended(() => false))).toEqual([]);
    expect(next(ended(lcOnce))).toEqual([6, 6, 6]);
    expect(next(ended(lcOnce, 7))).toEqual([]);
  });

  it('is nothing that the budget has no time for', () => {
    expect(next(ended(lcOnce), { budgetMs: 210_000, spentMs: 180_000 })).toEqual([6, 6, 6]);
    expect(next(ended(lcOnce), { budgetMs: 209_000, spentMs: 180_000 })).toEqual([]);
  });
});
