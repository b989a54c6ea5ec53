import { continuedFraction, lnGamma } from './gamma.ts';

/** P(T ≥ t) of Student's t with `degrees` of freedom (need not be whole). Abramowitz and Stegun, 26.7.1. */
export function studentTail(t: number, degrees: number): number {
  const half = incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  return t >= 0 ? half : 1 - half;
}

/**
 * The t that is exceeded with probability `tail`, found by halving.
 * @param tail above 0 and at most ½
 */
export function studentQuantile(tail: number, degrees: number): number {
  if (!(tail > 0 && tail <= 0.5) || !(degrees > 0))
    throw new RangeError(`no t is exceeded with probability ${tail} at ${degrees} degrees of freedom`);
  let [low, high] = [0, 1];
  while (studentTail(high, degrees) > tail) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (studentTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return high;
}

/** Regularised incomplete beta function I_x(a, b): continued fraction, DLMF 8.17.22, on the side where it converges fast. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) + lnGamma(a + b) - lnGamma(a) - lnGamma(b) - Math.log(a),
  );
  return front * continuedFraction((k) => [k === 0 ? 1 : betaPart(x, a, b, k), 1]);
}

function betaPart(x: number, a: number, b: number, k: number): number {
  const m = k >> 1;
  return k % 2 === 0
    ? (m * (b - m) * x) / ((a + k - 1) * (a + k))
    : (-(a + m) * (a + b + m) * x) / ((a + k - 1) * (a + k));
}
