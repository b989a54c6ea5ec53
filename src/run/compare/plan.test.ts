import { describe, expect, it } from 'vitest';
import { controlName, orderOf, segments, tasksOf } from './plan.ts';

const variants = ['rr', 'lc', 'sh'];
const plan = (seed: number, blocks = 5) => ({
  seed,
  base: 'rr',
  order: orderOf(variants, 'rr', blocks, seed),
});
const tasks = (seed: number, blocks?: number) =>
  tasksOf(
    plan(seed, blocks),
    ['uniform', 'bursts'].map((id) => ({ id, trialMs: 4_000, factor: 0.5 })),
    (workload, variant) => ({
      lab: variants.indexOf(variant) + (workload === 'bursts' ? 3 : 0),
      direct: false,
    }),
  );

describe('the order of a comparison', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(tasks(7)).toEqual(tasks(7));
    expect(plan(7).order).not.toEqual(plan(8).order);
  });

  it('of a longer plan begins as the shorter one', () => {
    expect(plan(7, 9).order.slice(0, 5)).toEqual(plan(7).order);
  });

  it('has every variant once in each block and the base once more', () => {
    for (const block of plan(3).order)
      expect(block.toSorted()).toEqual(['lc', 'rr', controlName('rr'), 'sh']);
  });
});

describe('trials', () => {
  it('go block by block and within a block workload by workload, numbered through', () => {
    const all = tasks(1, 2);
    expect(all.map(({ order }) => order)).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect(
      all.map(({ block, workload }) => `${block} ${workload}`).filter((one, i, list) => one !== list[i - 1]),
    ).toEqual(['0 uniform', '0 bursts', '1 uniform', '1 bursts']);
    expect(all.filter(({ control }) => control).every(({ variant }) => variant === 'rr')).toBe(true);
  });

  it('of a block meet the same arrivals, those of the next block others', () => {
    const [first, second] = [0, 1].map(
      (block) =>
        new Set(
          tasks(1, 2)
            .filter((task) => task.block === block && task.workload === 'uniform')
            .map(({ seed }) => seed),
        ),
    );
    expect([first?.size, second?.size]).toEqual([1, 1]);
    expect(first).not.toEqual(second);
  });

  it('in one place that follow each other share a sandbox', () => {
    expect(segments(['a1', 'a2', 'b1', 'a3'], (one) => one[0] ?? '')).toEqual([['a1', 'a2'], ['b1'], ['a3']]);
    expect(segments([], () => '')).toEqual([]);
  });
});
