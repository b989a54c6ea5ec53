import { describe, expect, it } from 'vitest';
import type { Histogram } from '../../model/measurement.ts';
import { exitCode } from '../../util/errors.ts';
import { comparedWorkloads, exitOfComparison } from './record.ts';
import { p95, type Synthetic, synthetic, trialOf } from './testing/synthetic.ts';

const workload = { id: 'slow-server', title: 'one slow real server', description: '', figures: [p95] };
const servers = [1, 1, 1].map((weight, i) => ({ name: `rs${i + 1}`, weight }));
/** Counts are all that is asked of a pooled histogram here. */
const pooled = (all: Histogram[]): Histogram => ({
  ...(all[0] as Histogram),
  count: all.reduce((sum, { count }) => sum + count, 0),
});

function compared(one: Synthetic, change: (made: ReturnType<typeof synthetic>) => void = () => {}) {
  const made = synthetic(one);
  change(made);
  const workloads = comparedWorkloads(made, [workload], { pooled, serversOf: () => servers });
  const [result] = workloads;
  const [figure] = result?.figures ?? [];
  if (!result || !figure) throw new Error('nothing was compared');
  const row = (name: string) => figure.rows.find(({ variant }) => variant === name);
  return { ...made, result, figure, row, workloads };
}

const three = { truth: { rr: 1000, lc: 300, wrr: 1000 }, blocks: 8, seed: 1 };

describe('a planted difference', () => {
  it('is found with its size, and no difference is none', () => {
    const { row, figure } = compared(three);
    expect(row('rr')).toMatchObject({ verdict: 'base', n: 8 });
    expect(row('lc')).toMatchObject({ verdict: 'better', n: 8 });
    expect(row('lc')?.ratio?.low).toBeLessThan(0.3);
    expect(row('lc')?.ratio?.high).toBeGreaterThan(0.3);
    expect(row('wrr')?.verdict).toBe('no evidence');
    expect(figure.control).toMatchObject({ sound: true });
  });

  it('becomes a sentence that says what to choose and how sure that is', () => {
    const { advice } = compared(three).result;
    expect(advice).toMatch(
      /^For one slow real server choose lc: the p95 with lc is \d+ % lower than with rr \(95 % interval: \d+ % lower to \d+ % lower; p 0\.0\d+, 8 blocks\)\. /,
    );
    expect(advice).toContain('No evidence of a difference to rr: wrr.');
  });

  it('for the worse is said with what to keep', () => {
    const { advice } = compared({ ...three, truth: { rr: 100, sh: 300 } }).result;
    expect(advice).toMatch(
      /keep rr: nothing measured better in the p95\. Worse than rr: sh \(\d(\.\d)? times higher\)/,
    );
  });

  it('of two that are equal is a choice between them', () => {
    const { advice } = compared({ ...three, truth: { rr: 1000, lc: 300, wlc: 300 }, blocks: 10 }).result;
    expect(advice).toMatch(/choose (lc or wlc|wlc or lc): /);
    expect(advice).toContain('this comparison cannot decide');
  });
});

describe('no false winner', () => {
  it('20 repeated A/A comparisons at 95 % show at most 3 differences', () => {
    const differ = Array.from({ length: 20 }, (_, seed) =>
      compared({ truth: { rr: 1000, lc: 1000 }, blocks: 9, seed }).row('lc'),
    ).filter((row) => (row?.p ?? 1) <= 0.05 || row?.verdict === 'better' || row?.verdict === 'worse');
    expect(differ.length).toBeLessThanOrEqual(3);
  });

  it('is a result in words', () => {
    const { advice } = compared({ truth: { rr: 1000, lc: 1000 }, blocks: 9, seed: 2 }).result;
    expect(advice).toMatch(
      /^No evidence of a difference for one slow real server: .*lc cannot be distinguished from rr in 9 blocks/,
    );
  });
});

describe('what cannot be judged', () => {
  it('for too few blocks says how many are needed', () => {
    const { row, result, workloads, trials } = compared({ ...three, blocks: 2 });
    expect(row('lc')).toMatchObject({ verdict: 'not judged', n: 2 });
    expect(result.advice).toMatch(
      /^Not judged for one slow real server: 2 blocks were measured, and fewer than 6/,
    );
    expect(exitOfComparison({ workloads, trials, faults: [] }, false)).toBe(exitCode.inconclusive);
  });

  it('for a base that differs from itself is refused, whatever the others say', () => {
    const { row, figure, result } = compared(three, ({ trials }) => {
      for (const trial of trials) if (trial.control) trial.figures = { p95: 2 * (trial.figures.p95 ?? 0) };
    });
    expect(figure.control.sound).toBe(false);
    expect(row('lc')).toMatchObject({ verdict: 'not judged' });
    expect(result.advice).toContain('rr measured twice differs from itself by');
    expect(result.advice).not.toContain('choose');
  });

  it('for an instrument that was not healthy has no figures and no part in the shares', () => {
    const { row, result } = compared(three, ({ trials }) => {
      for (const [i, trial] of trials.entries()) if (trial.block < 3) trials[i] = trialOf(trial);
    });
    expect(row('lc')).toMatchObject({ verdict: 'not judged', n: 5 });
    expect(result.histograms.find(({ variant }) => variant === 'lc')?.histogram.count).toBe(5);
  });

  it('for a place that lacks it is named with the reason, and the others are judged', () => {
    const { row, result } = compared(three, ({ variants, trials }) => {
      const sh = variants.find(({ name }) => name === 'wrr');
      if (sh) sh.unsupported = 'this kernel has no wrr';
      trials.splice(0, trials.length, ...trials.filter(({ variant }) => variant !== 'wrr'));
    });
    expect(row('wrr')).toMatchObject({ verdict: 'unsupported', reason: 'this kernel has no wrr', n: 0 });
    expect(row('lc')?.verdict).toBe('better');
    expect(result.advice).toContain('wrr could not be measured: this kernel has no wrr.');
  });
});

it('shares are counted with the control among them, and held against the weights', () => {
  const { balance } = compared(three).result;
  const rr = balance.find(({ variant }) => variant === 'rr');
  expect(rr?.shares.map(({ share }) => share)).toEqual([10 / 60, 20 / 60, 30 / 60]);
  expect(rr?.jain).toBeCloseTo(36 / 42, 6);
  expect(rr?.p).toBeLessThan(0.001);
});

it('what passes the director is said where variants differ in it', () => {
  const { result } = compared({ ...three, truth: { dr: 100, nat: 100 } }, ({ trials }) => {
    for (const trial of trials) {
      trial.clientBytes = { in: 1000, out: 100 };
      trial.directorBytes = trial.variant === 'nat' ? { in: 1100, out: 1100 } : { in: 100, out: 100 };
    }
  });
  expect(result.advice).toContain(
    'with dr (10 %) the answers went straight to the client, bypassing the director; with nat (110 %) the answers came back through the director',
  );
});

it('one bad trial of the base costs one pair of the control, and no pair of the others', () => {
  const { row, figure } = compared({ ...three, blocks: 7 }, ({ trials, base }) => {
    const i = trials.findIndex(({ variant, control, block }) => variant === base && !control && block === 2);
    const trial = trials[i];
    if (trial) trials[i] = trialOf({ ...trial, variant: base });
  });
  expect(row('rr')?.n).toBe(6);
  expect(row('lc')).toMatchObject({ verdict: 'better', n: 7 });
  expect(row('wrr')?.verdict).toBe('no evidence');
  expect(figure.control.sound).toBe(true);
});

it('the exit code tells whether there was a verdict', () => {
  const { workloads, trials } = compared(three);
  expect(exitOfComparison({ workloads, trials, faults: [] }, false)).toBe(exitCode.conformant);
  expect(exitOfComparison({ workloads, trials, faults: [{ message: 'a guest died' }] }, false)).toBe(
    exitCode.inconclusive,
  );
  expect(exitOfComparison({ workloads, trials, faults: [] }, true)).toBe(exitCode.interrupted);
  expect(exitOfComparison({ workloads, trials: [], faults: [] }, false)).toBe(exitCode.nothingRan);
});
