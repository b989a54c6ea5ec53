import { describe, expect, it } from 'vitest';
import { medianInterval } from './bootstrap.ts';
import { type CompareOptions, compareVariants } from './compare.ts';
import type { ComparisonVerdict } from './comparison.ts';
import { type Random, randomFrom } from './random.ts';

/** Blocks drift by 20 %, which pairs cancel; noise of 4 % on every measurement. */
function trials(random: Random, blocks: number, factors: number[]): number[][] {
  const levels = Array.from({ length: blocks }, () => 1000 * Math.exp(0.2 * random.normal()));
  return factors.map((factor) => levels.map((level) => level * factor * Math.exp(0.04 * random.normal())));
}

function compared(random: Random, factors: number[], blocks: number, over: Partial<CompareOptions> = {}) {
  const [base = [], control = [], ...others] = trials(random, blocks, [1, 1, ...factors]);
  return compareVariants({
    base: { name: 'rr', values: base },
    control: { name: 'rr again', values: control },
    variants: others.map((values, i) => ({ name: `variant ${i + 1}`, values })),
    better: 'lower',
    seed: 1,
    resamples: 200,
    ...over,
  });
}
const verdicts = (one: ReturnType<typeof compared>): ComparisonVerdict[] =>
  one.variants.map(({ verdict }) => verdict);

describe('false winners', () => {
  it('20 repeated A/A comparisons at 95 %: at most 3 differ, without any minimum effect', () => {
    for (const seed of [1, 2, 3]) {
      const random = randomFrom(seed);
      const all = Array.from({ length: 20 }, () => compared(random, [1], 10, { effect: 0 }).variants[0]);
      expect(all.filter((one) => (one?.p ?? 0) <= 0.05).length).toBeLessThanOrEqual(3);
    }
  });

  it('over 1,000 A/A comparisons the test errs in no more than 5 %, a verdict in hardly any', () => {
    const random = randomFrom(4);
    const all = Array.from({ length: 1000 }, () => compared(random, [1], 10).variants[0]);
    const errs = all.filter((one) => (one?.p ?? 0) <= 0.05).length;
    expect(errs).toBeGreaterThan(25);
    expect(errs).toBeLessThan(65);
    const wrong = all.filter((one) => one?.verdict === 'better' || one?.verdict === 'worse').length;
    expect(wrong).toBeLessThan(20);
  });

  it('five equal variants at once: some winner in no more than 5 % of comparisons', () => {
    const random = randomFrom(5);
    const all = Array.from({ length: 400 }, () => verdicts(compared(random, [1, 1, 1, 1, 1], 10)));
    expect(all.filter((one) => one.includes('better') || one.includes('worse')).length).toBeLessThan(20);
  });
});

describe('power', () => {
  it('a planted difference of 10 % is found, and its direction', () => {
    const random = randomFrom(6);
    const all = Array.from({ length: 300 }, () => verdicts(compared(random, [1.1, 1 / 1.1], 12)));
    const found = (at: number, verdict: string): number => all.filter((one) => one[at] === verdict).length;
    expect(found(0, 'worse')).toBeGreaterThan(270);
    expect(found(1, 'better')).toBeGreaterThan(270);
    expect(found(0, 'better') + found(1, 'worse')).toBe(0);
  });

  it('intervals of 95 % hold the true median in about 95 %, with few blocks too', () => {
    const random = randomFrom(7);
    for (const blocks of [6, 8, 11, 12]) {
      const held = Array.from({ length: 1000 }, (_, seed) => {
        const samples = Array.from({ length: blocks }, random.normal);
        const { low, high } = medianInterval(samples, seed, { resamples: 300 });
        return low <= 0 && high >= 0;
      }).filter(Boolean).length;
      expect(held).toBeGreaterThan(920);
      expect(held).toBeLessThan(990);
    }
  });
});

describe('verdicts', () => {
  const base = { name: 'rr', values: [100, 110, 90, 105, 95, 100, 102, 98] };
  const times = (name: string, factor: number) => ({
    name,
    values: base.values.map((v, i) => v * factor * (1 + i / 1000)),
  });
  const judge = (over: Partial<CompareOptions>) =>
    compareVariants({
      base,
      control: times('rr again', 1.01),
      variants: [times('lc', 0.8)],
      better: 'lower',
      seed: 9,
      ...over,
    });

  it('lower is better, or higher', () => {
    expect(judge({}).variants[0]).toMatchObject({ name: 'lc', pairs: 8, verdict: 'better', alike: false });
    expect(judge({ better: 'higher' }).variants[0]?.verdict).toBe('worse');
    expect(judge({}).variants[0]?.ratio).toBeCloseTo(0.8028, 3);
  });

  it('a sure difference that is too small to matter is none', () => {
    const [row] = judge({ variants: [times('lc', 1.02)] }).variants;
    expect(row).toMatchObject({ verdict: 'no evidence', alike: true });
    expect(row?.reason).toBe('the difference of 2.4 % is below the 5 % that matter');
  });

  it('no difference is claimed that chance explains, or that the interval does not bear out', () => {
    const half = { name: 'lc', values: base.values.map((value, i) => value * (i % 2 === 0 ? 0.8 : 1.25)) };
    expect(judge({ variants: [half] }).variants[0]).toMatchObject({
      verdict: 'no evidence',
      reason: expect.stringMatching(/^chance alone gives as much \(p 0\.\d+\)$/),
    });
    // Found among many: the test and the interval disagree.
    const uneven = { name: 'lc', values: [154, 104, 119, 189, 88, 130, 143, 147] };
    expect(judge({ variants: [uneven] }).variants[0]).toMatchObject({
      verdict: 'no evidence',
      reason: 'the interval holds «no difference»',
    });
  });

  it('nothing is judged where A/A differs by more than the effect', () => {
    const { variants } = judge({ control: times('rr again', 1.2) });
    expect(variants[0]).toMatchObject({ verdict: 'not judged', alike: false });
    expect(variants[0]?.reason).toBe(
      'rr measured twice differs from itself by 20.4 %, more than the 5 % that matter',
    );
    expect(judge({ control: { name: 'rr again', values: [] } }).variants[0]?.reason).toContain(
      'never measured against itself',
    );
  });

  it('missing blocks are left out, and too few say so', () => {
    const some = { name: 'lc', values: times('lc', 0.8).values.map((v, i) => (i < 4 ? undefined : v)) };
    const [row] = judge({ variants: [some] }).variants;
    expect(row).toMatchObject({ pairs: 4, verdict: 'not judged' });
    expect(row?.reason).toContain('at least 6 are needed');
    const none = judge({ variants: [{ name: 'lc', values: [] }] }).variants[0];
    expect(none).toMatchObject({ pairs: 0, ratio: null, low: null, verdict: 'not judged', alike: false });
  });

  it('a value that has no ratio is named, not dropped', () => {
    const zero = { name: 'lc', values: [0, ...times('lc', 0.8).values.slice(1)] };
    expect(judge({ variants: [zero] }).variants[0]?.reason).toContain(
      'lc measured a value that is not above 0',
    );
  });

  it('exchanging base and variant reverses all figures; JSON keeps them', () => {
    const [there] = judge({}).variants;
    const [back] = judge({
      base: times('lc', 0.8),
      control: times('lc again', 0.8),
      variants: [base],
    }).variants;
    expect(back?.ratio).toBeCloseTo(1 / (there?.ratio ?? 0), 12);
    expect(back?.p).toBe(there?.p);
    expect(back?.verdict).toBe('worse');
    expect(JSON.parse(JSON.stringify(judge({})))).toEqual(judge({}));
  });
});

it('the interval of a median is fixed by its seed and holds the samples it should', () => {
  const samples = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  expect(medianInterval(samples, 3)).toEqual(medianInterval(samples.toReversed(), 3));
  // The chance that 5 of 9 draws are among the lowest 2 is 3.1 %, among the lowest 1 0.1 %.
  expect(medianInterval(samples, 3)).toEqual({ low: 2, high: 8 });
  expect(medianInterval([5, 5, 5], 3)).toEqual({ low: 5, high: 5 });
  expect(() => medianInterval([], 3)).toThrow('no samples');
});
