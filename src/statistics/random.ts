/**
 * Random numbers that a seed fixes for ever: xoshiro128** (Blackman and Vigna, «Scrambled Linear Pseudorandom Number
 * Generators», ACM TOMS 47, 2021), its state filled by SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), as its authors advise.
 * Orders of blocks and intervals in old reports depend on it: never change what a seed gives.
 */
export interface Random {
  /** A whole number from 0 to 2³² − 1. */
  uint32(): number;
  /** From 0 up to but not including 1, with 53 bits. */
  unit(): number;
  /** A whole number from 0 to `n` − 1, each as likely as the others. */
  below(n: number): number;
  /** A shuffled copy: Fisher and Yates, as in Knuth, TAOCP 2, 3.4.2, algorithm P. */
  shuffled<T>(list: readonly T[]): T[];
  /** Standard normal: Box and Muller, Annals of Mathematical Statistics 29 (1958). */
  normal(): number;
}

/**
 * @param seed a whole number of at least 0
 * @param purpose gives another series for each purpose of one seed, so that one more variant leaves the others' alone
 * @throws {RangeError} for a seed that JSON would not keep exactly
 */
export function randomFrom(seed: number, purpose = ''): Random {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`a seed is a whole number of at least 0, not ${seed}`);
  const state = splitMix64(BigInt(seed) ^ (purpose === '' ? 0n : fnv1a(purpose)));
  const [a, b] = [state(), state()];
  return randomOf([Number(a & low32), Number(a >> 32n), Number(b & low32), Number(b >> 32n)]);
}

/** xoshiro128** from a state of four 32-bit words, not all 0. */
export function randomOf(state: readonly [number, number, number, number]): Random {
  let [s0, s1, s2, s3] = state;
  const uint32 = (): number => {
    const result = Math.imul(rotated(Math.imul(s1, 5), 7), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotated(s3, 11);
    return result;
  };
  const unit = (): number => ((uint32() >>> 5) * 2 ** 26 + (uint32() >>> 6)) / 2 ** 53;
  const below = (n: number): number => {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) throw new RangeError(`cannot choose below ${n}`);
    // The last, incomplete round of n is thrown away: it would favour small numbers.
    const limit = 2 ** 32 - (2 ** 32 % n);
    for (;;) {
      const drawn = uint32();
      if (drawn < limit) return drawn % n;
    }
  };
  return {
    uint32,
    unit,
    below,
    shuffled: (list) => {
      const left = [...list];
      return list.flatMap(() => left.splice(below(left.length), 1)) as typeof left;
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
  };
}

const low32 = 0xffff_ffffn;
const low64 = 0xffff_ffff_ffff_ffffn;

const rotated = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

/** SplitMix64; each call gives the next 64 bits. */
export function splitMix64(seed: bigint): () => bigint {
  let state = seed & low64;
  return () => {
    state = (state + 0x9e37_79b9_7f4a_7c15n) & low64;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & low64;
    z = ((z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn) & low64;
    return z ^ (z >> 31n);
  };
}

/** FNV-1a, 64 bits: Fowler, Noll and Vo; RFC 9923. */
function fnv1a(text: string): bigint {
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (const byte of new TextEncoder().encode(text))
    hash = ((hash ^ BigInt(byte)) * 0x0000_0100_0000_01b3n) & low64;
  return hash;
}
