/** The gamma function and its incomplete forms, in double precision. NIST Digital Library of Mathematical Functions (DLMF). */

/** ln Γ(x) for x > 0: Stirling's series (DLMF 5.11.1), with small x moved up by Γ(x+1) = xΓ(x). */
export function lnGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`ln Γ is for numbers above 0, not ${x}`);
  if (x < 12) return lnGamma(x + 1) - Math.log(x);
  const square = 1 / (x * x);
  const series =
    (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / x;
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
}

/**
 * Regularised upper incomplete gamma function Q(a, x) = Γ(a, x) / Γ(a), for a > 0 and x ≥ 0.
 * Below the middle from the series of P = 1 − Q (DLMF 8.11.4), above it by continued fraction (DLMF 8.9.2).
 */
export function upperGamma(a: number, x: number): number {
  if (!(a > 0 && x >= 0)) throw new RangeError(`Q(a, x) is for a > 0 and x ≥ 0, not Q(${a}, ${x})`);
  if (x === 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const front = Math.exp(a * Math.log(x) - x - lnGamma(a));
  return x < a + 1 ? 1 - (front / a) * seriesOfP(a, x) : front * continuedFraction(oddsOfQ(a, x));
}

function seriesOfP(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < 100_000 && term > sum * Number.EPSILON; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

const oddsOfQ =
  (a: number, x: number) =>
  (k: number): [number, number] => [k === 0 ? 1 : k * (a - k), x + 2 * k + 1 - a];

/**
 * a₀ / (b₀ + a₁ / (b₁ + …)) by the modified method of Lentz: Thompson and Barnett, J. Comput. Phys. 64 (1986).
 * @param part gives [aₖ, bₖ]
 */
export function continuedFraction(part: (k: number) => [number, number]): number {
  const tiny = 1e-300;
  let [value, c, d] = [tiny, tiny, 0];
  for (let k = 0; k < 100_000; k++) {
    const [a, b] = part(k);
    d = 1 / (b + a * d || tiny);
    c = b + a / c || tiny;
    value *= c * d;
    if (Math.abs(c * d - 1) < 4 * Number.EPSILON) break;
  }
  return value;
}
