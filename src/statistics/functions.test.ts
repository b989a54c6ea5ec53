import { describe, expect, it } from 'vitest';
import { lnGamma, upperGamma } from './gamma.ts';
import { twoSidedNormal } from './normal.ts';
import { studentQuantile, studentTail } from './student.ts';

/** Values of two independent libraries (Cephes, Boost), to 13 digits. */
const near = (got: number, known: number): void =>
  expect(Math.abs(got - known)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(known)));

describe('special functions', () => {
  it('ln Γ', () => {
    near(lnGamma(0.1), 2.252712651734206);
    near(lnGamma(0.5), Math.log(Math.PI) / 2);
    near(lnGamma(1), 0);
    near(lnGamma(5.5), 3.9578139676187165);
    near(lnGamma(171.5), 709.1431630309283);
    expect(() => lnGamma(0)).toThrow(RangeError);
  });

  it('Q(a, x), by series and by continued fraction', () => {
    near(upperGamma(0.5, 0.5), 0.3173105078629141);
    near(upperGamma(3, 2), 5 * Math.exp(-2));
    near(upperGamma(10, 12), 0.24239216167051245);
    near(upperGamma(100, 90), 0.84177901081357);
    near(upperGamma(2.5, 0.001), 0.9999999904914654);
    expect(upperGamma(0.5, 50) / 1.5239706048320995e-23).toBeCloseTo(1, 10);
    expect([upperGamma(2, 0), upperGamma(2, Number.POSITIVE_INFINITY)]).toEqual([1, 0]);
    expect(() => upperGamma(1, -1)).toThrow(RangeError);
  });

  it('tails of the normal distribution', () => {
    near(twoSidedNormal(1.959963984540054), 0.05);
    near(twoSidedNormal(-0.5), 0.6170750774519738);
    expect(twoSidedNormal(6) / 1.973175290075389e-9).toBeCloseTo(1, 10);
    expect(twoSidedNormal(0)).toBe(1);
  });

  it("tails and quantiles of Student's t, also between whole degrees of freedom", () => {
    near(studentTail(2.5, 4.2), 0.03190770673326885);
    near(studentTail(-1, 3), 0.8044988905221148);
    near(studentQuantile(0.025, 6), 2.4469118511449794);
    near(studentQuantile(0.05, 1), 6.313751514675044);
    near(studentQuantile(0.00125, 3.45), 7.910981182720805);
    near(studentQuantile(0.0005, 11.5), 4.3741600352996635);
    near(studentQuantile(0.5, 3), 0);
    expect(() => studentQuantile(0, 3)).toThrow(RangeError);
  });
});
