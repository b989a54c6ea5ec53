import { describe, expect, it } from 'vitest';
import type { GateResult, RunLine } from '../model/history.ts';
import type { RunRecord } from '../model/record.ts';
import { randomFrom } from '../statistics/random.ts';
import { parseBaseline, selectBaseline } from './baseline.ts';
import { gate } from './gate.ts';
import { lineOf } from './line.ts';
import { aNight, measured, noisy } from './testing/nights.ts';

const random = randomFrom(2);
const past = (count: number, figures = 3): RunLine[] =>
  Array.from({ length: count }, (_, n) => lineOf(aNight(n, noisy(random, figures, 0.03))));
const tonight = (values: number[], n = 500, over: Partial<RunRecord> = {}): RunLine =>
  lineOf(aNight(n, values, over));
const noFile = (path: string): Promise<RunRecord> => Promise.reject(new Error(`no file ${path}`));

async function judged(
  history: RunLine[],
  run: RunLine,
  first?: RunLine,
  baseline = 'median:7',
): Promise<GateResult> {
  const asked = { run, history, ...(first && { first }) };
  return gate({ ...asked, baseline: await selectBaseline(parseBaseline(baseline), asked, noFile) });
}

describe('the gate', () => {
  const history = past(10);
  const slow = [501, 2500, 499];

  it('suspects what is worse once, and asks for a second run', async () => {
    const result = await judged(history, tonight(slow));
    expect(result).toMatchObject({ verdict: 'regression', confirmed: false, needsConfirming: true });
    expect(result.figures[0]).toMatchObject({
      check: 'LAT-2',
      name: 'p50',
      outcome: 'suspected',
      value: 2500,
      runs: 10,
    });
    expect(result.figures[0]?.high).toBeLessThan(900);
    expect(result.reason).toBe(
      'worse than noise explains, against the median of the last 7 runs, seen once: LAT-2 p50.',
    );
  });

  it('calls it a regression when the second run shows it too, and names it', async () => {
    const first = tonight(slow);
    const result = await judged([...history, first], tonight([498, 2450, 502], 501), first);
    expect(result).toMatchObject({ verdict: 'regression', confirmed: true, needsConfirming: false });
    expect(result.reason).toContain('in two runs: LAT-2 p50.');
    expect(result.figures[0]).toMatchObject({ outcome: 'regression', firstValue: 2500, value: 2450 });
  });

  it('lets it go when the second run does not', async () => {
    const result = await judged(history, tonight([500, 503, 500], 501), tonight(slow));
    expect(result).toMatchObject({ verdict: 'no change', confirmed: false, needsConfirming: false });
    expect(result.reason).toContain('worse in one of two runs only: LAT-2 p50');
  });

  it('sees an improvement, and nothing where nothing is', async () => {
    expect(await judged(history, tonight([500, 200, 500]))).toMatchObject({
      verdict: 'improvement',
      needsConfirming: false,
    });
    expect(await judged(history, tonight([500, 500, 500]))).toMatchObject({ verdict: 'no change' });
  });

  it('a figure of 0 can be worse, and a steady one needs the smallest effect', async () => {
    const steady = Array.from({ length: 7 }, (_, n) => lineOf(aNight(n, [0, 100])));
    expect((await judged(steady, tonight([0, 104]))).verdict).toBe('no change');
    expect((await judged(steady, tonight([0, 106]))).figures[0]?.check).toBe('LAT-2');
    expect((await judged(steady, tonight([1, 100]))).figures[0]).toMatchObject({
      check: 'LAT-1',
      outcome: 'suspected',
    });
    const worse = Array.from({ length: 7 }, (_, n) => lineOf(aNight(n, [-50])));
    expect((await judged(worse, tonight([0]))).figures[0]?.outcome).toBe('suspected');
  });

  it('stays awake on the nights after a regression', async () => {
    const after = [
      ...history,
      tonight([500, 2500, 500], 200),
      tonight([500, 2480, 500], 201),
      tonight([500, 2490, 500], 202),
    ];
    expect((await judged(after, tonight(slow))).figures[0]).toMatchObject({
      check: 'LAT-2',
      outcome: 'suspected',
    });
  });

  it('names the worst and counts the others', async () => {
    const result = await judged(past(10, 7), tonight([3000, 2500, 2600, 2700, 2800, 2900, 500]));
    expect(result.reason).toMatch(/seen once: (LAT-[1-6] p50, ){3}LAT-[1-6] p50 and 2 more\.$/);
    expect(result.figures.filter(({ outcome }) => outcome === 'suspected')).toHaveLength(6);
  });

  it('not enough history is an answer of its own', async () => {
    const few = await judged(history.slice(0, 6), tonight(slow));
    expect(few).toMatchObject({ verdict: 'not enough history', needsConfirming: false });
    expect(few.reason).toContain('6 of the 7 runs needed');
    expect((await judged(history, tonight([]))).reason).toBe(
      'this run has no figure that says which way is better.',
    );
    const shortOne = await judged(history.slice(0, 4), tonight(slow), undefined, 'median:3');
    expect(shortOne.reason).toBe('the noise is unknown: only 4 of the 5 runs needed.');
  });

  it('runs with another fingerprint are no history, and it says which part', async () => {
    const elsewhere = tonight(slow, 500, {
      fidelity: { sandbox: 'host', time: 'real', cpus: 2, network: '' },
    });
    const result = await judged(history, elsewhere);
    expect(result.verdict).toBe('not enough history');
    expect(result.reason).toContain('0 of the 7 runs');
    expect(result.reason).toContain('the run before had another sandbox: «uml');
  });

  it('a new figure has no history yet, and leaves the verdict to the others', async () => {
    const result = await judged(history, tonight([500, 500, 500, 9000]));
    expect(result.verdict).toBe('no change');
    expect(result.figures.at(-1)).toMatchObject({ check: 'LAT-4', outcome: 'not enough history' });
  });

  it('a figure that only some runs have is not missed', async () => {
    const some = history.map((run, i) => (i < 7 ? { ...run, figures: run.figures.slice(0, 2) } : run));
    const mute = {
      ...aNight(500, [500, 500]),
      results: [...aNight(500, [500, 500]).results, { ...measured('LAT-3', 0, ''), figures: [] }],
    };
    expect((await judged(some, lineOf(mute))).verdict).toBe('no change');
  });

  it('a check that could not be seen is not measured; one that was not asked for is not missed', async () => {
    const record = aNight(500, [500, 500]);
    const unseen = { ...measured('LAT-3', 0, ''), verdict: 'inconclusive' as const, figures: [] };
    const blind = { ...record, results: [...record.results, unseen] };
    const result = await judged(history, lineOf(blind));
    expect(result).toMatchObject({
      verdict: 'not measured',
      reason: 'this run could not measure LAT-3 p50.',
    });
    expect(result.figures[0]).not.toHaveProperty('value');
    const mute = { ...unseen, verdict: 'pass' as const };
    expect((await judged(history, lineOf({ ...record, results: [...record.results, mute] }))).verdict).toBe(
      'not measured',
    );
    expect((await judged(history, lineOf(record))).verdict).toBe('no change');
    const skipped = { ...unseen, verdict: 'skipped' as const };
    expect(
      (await judged(history, lineOf({ ...record, results: [...record.results, skipped] }))).verdict,
    ).toBe('no change');
  });
});

describe('over many nights', () => {
  /** Share of nights with a suspicion, and of those that a second run confirms. */
  async function nights(
    runs: number,
    count: number,
    slowed = 1,
  ): Promise<{ suspected: number; confirmed: number }> {
    const seen = { suspected: 0, confirmed: 0 };
    for (let i = 0; i < count; i++) {
      const before = past(runs, 40);
      const values = (): number[] =>
        noisy(random, 40, 0.03).map((value, at) => (at === 7 ? value * slowed : value));
      const first = tonight(values());
      if (!(await judged(before, first)).needsConfirming) continue;
      seen.suspected += 1;
      const result = await judged(before, tonight(values(), 501), first);
      if (result.confirmed && result.figures[0]?.check.startsWith('LAT-')) seen.confirmed += 1;
    }
    return { suspected: seen.suspected / count, confirmed: seen.confirmed / count };
  }

  it('an unchanged night with 40 figures is no regression, ten times out of ten', async () => {
    for (const runs of [7, 14, 30]) {
      const { suspected, confirmed } = await nights(runs, 40);
      expect(suspected).toBeLessThanOrEqual(0.2);
      expect(confirmed).toBe(0);
    }
  }, 60_000);

  it('a planted slowdown is', async () => {
    expect((await nights(7, 20, 2)).confirmed).toBeGreaterThanOrEqual(0.95);
    expect((await nights(20, 20, 1.3)).confirmed).toBeGreaterThanOrEqual(0.95);
  }, 60_000);
});
