import { describe, expect, it } from 'vitest';
import { randomFrom, randomOf, splitMix64 } from './random.ts';

describe('seeded random numbers', () => {
  it('are those of the published generators', () => {
    const mix = splitMix64(1234567n);
    expect([mix(), mix(), mix()]).toEqual([6457827717110365317n, 3203168211198807973n, 9817491932198370423n]);
    const { uint32 } = randomOf([1, 2, 3, 4]);
    expect(Array.from({ length: 10 }, uint32)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('stay the same for ever', () => {
    const { uint32 } = randomFrom(42);
    expect([uint32(), uint32(), uint32()]).toEqual([1776835114, 4165204688, 17111135]);
    expect(randomFrom(42, 'order of blocks').shuffled(['a', 'b', 'c', 'd', 'e'])).toMatchInlineSnapshot(`
      [
        "c",
        "e",
        "d",
        "a",
        "b",
      ]
    `);
  });

  it('are another series for another seed or purpose', () => {
    const first = [randomFrom(1), randomFrom(2), randomFrom(1, 'x'), randomFrom(1, 'y')].map((one) =>
      one.uint32(),
    );
    expect(new Set(first).size).toBe(4);
  });

  it('have the moments of a uniform and of a normal distribution', () => {
    const random = randomFrom(7);
    const many = Array.from({ length: 100_000 }, random.unit);
    expect(Math.min(...many.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(mean(many)).toBeCloseTo(0.5, 2);
    const normal = Array.from({ length: 100_000 }, random.normal);
    expect(mean(normal)).toBeCloseTo(0, 1.5);
    expect(mean(normal.map((x) => x * x))).toBeCloseTo(1, 1.5);
  });

  it('choose and shuffle without favourites', () => {
    const random = randomFrom(8);
    let whole = true;
    const firsts = { a: 0, b: 0, c: 0 };
    for (let i = 0; i < 30_000; i++) {
      const order = random.shuffled(['a', 'b', 'c'] as const);
      whole &&= new Set(order).size === 3;
      firsts[order[0] ?? 'a'] += 1;
    }
    for (const times of Object.values(firsts)) expect(Math.abs(times - 10_000)).toBeLessThan(300);
    expect(whole).toBe(true);
    expect(random.below(1)).toBe(0);
  });

  it('refuse seeds that JSON would change, and nothing to choose from', () => {
    for (const seed of [-1, 0.5, 2 ** 53, Number.NaN]) expect(() => randomFrom(seed)).toThrow(/a seed is/);
    expect(() => randomFrom(1).below(0)).toThrow('cannot choose below 0');
  });
});

const mean = (list: number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length;
