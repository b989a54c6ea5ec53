/**
 * SipHash-1-3 of one 32-bit word, folded to 32 bits: what `hsiphash` of the kernel is on 64-bit machines. On 32-bit
 * ones it is HalfSipHash, which this is not.
 * Source: Aumasson and Bernstein, SipHash (2012); Linux Documentation/security/siphash.rst.
 */

const mask = 0xffff_ffff_ffff_ffffn;
const rotate = (x: bigint, n: bigint): bigint => ((x << n) | (x >> (64n - n))) & mask;

type State = [bigint, bigint, bigint, bigint];

function round([a, b, c, d]: State): State {
  const v0 = (a + b) & mask;
  const v1 = rotate(b, 13n) ^ v0;
  const v2 = (c + d) & mask;
  const v3 = rotate(d, 16n) ^ v2;
  const w0 = (rotate(v0, 32n) + v3) & mask;
  const w3 = rotate(v3, 21n) ^ w0;
  const w2 = (v2 + v1) & mask;
  const w1 = rotate(v1, 17n) ^ w2;
  return [w0, w1, rotate(w2, 32n), w3];
}

/** @param compressions, finalizations rounds for a block and at the end: 1 and 3 of SipHash-1-3, 2 and 4 of 2-4. */
export function sipHash(
  bytes: Uint8Array,
  [k0, k1]: readonly [bigint, bigint],
  compressions: number,
  finalizations: number,
): bigint {
  let state: State = [
    k0 ^ 0x736f6d6570736575n,
    k1 ^ 0x646f72616e646f6dn,
    k0 ^ 0x6c7967656e657261n,
    k1 ^ 0x7465646279746573n,
  ];
  const rounds = (n: number) => {
    for (let i = 0; i < n; i++) state = round(state);
  };
  for (const word of blocks(bytes)) {
    state[3] ^= word;
    rounds(compressions);
    state[0] ^= word;
  }
  state[2] ^= 0xffn;
  rounds(finalizations);
  return state[0] ^ state[1] ^ state[2] ^ state[3];
}

/** Words of 8 bytes, little-endian; the last is padded and ends in the length. */
function blocks(bytes: Uint8Array): bigint[] {
  const padded = new Uint8Array(8 * (Math.floor(bytes.length / 8) + 1));
  padded.set(bytes);
  padded[padded.length - 1] = bytes.length & 255;
  const view = new DataView(padded.buffer);
  return Array.from({ length: padded.length / 8 }, (_, i) => view.getBigUint64(8 * i, true));
}

/** @param value taken modulo 2^32. @returns 0 to 2^32 - 1. */
export function hsiphash(value: number, key: readonly [bigint, bigint]): number {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value >>> 0, true);
  return Number(sipHash(bytes, key, 1, 3) & 0xffff_ffffn);
}
