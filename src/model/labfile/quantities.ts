/** Durations, rates, sizes and percentages as a lab file spells them. */

/** Pattern and phrase of one kind of quantity; `read` turns a text that matches into a number. */
export interface Quantity {
  pattern: RegExp;
  /** Ends a sentence that begins with `expected`. */
  expected: string;
  read(text: string | 0): number;
}

const durationUnitUs: Record<string, number> = { us: 1, µs: 1, ms: 1e3, s: 1e6, min: 60e6 };
const rateUnitBitPerS: Record<string, number> = { bit: 1, kbit: 1e3, mbit: 1e6, gbit: 1e9 };
const sizeUnitBytes: Record<string, number> = {
  k: 1e3,
  m: 1e6,
  g: 1e9,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
};

/** In microseconds. */
export const duration: Quantity = {
  pattern: /^\d+(\.\d+)?(us|µs|ms|s|min)$/,
  expected: 'a duration with its unit, such as 300us, 2ms, 1.5s or 5min',
  read: (text) => scaled(text, durationUnitUs),
};

/** In bits per second. */
export const rate: Quantity = {
  pattern: /^\d+(\.\d+)?(bit|kbit|mbit|gbit)$/,
  expected: 'a rate with its unit, such as 500kbit, 100mbit or 1gbit',
  read: (text) => scaled(text, rateUnitBitPerS),
};

/** In bytes; k, M and G are powers of 1000, Ki, Mi and Gi of 1024. */
export const size: Quantity = {
  pattern: /^\d+(\.\d+)?([kKMG]i?)?B?$/,
  expected: 'a size such as 0, 512, 1k, 64KiB or 10MB',
  read: (text) => Math.round(scaled(String(text).replace(/B$/, '').toLowerCase(), sizeUnitBytes)),
};

/** In percent, 0 to 100. */
export const percentage: Quantity = {
  pattern: /^(100|\d{1,2}(\.\d+)?)%$/,
  expected: 'a percentage from 0% to 100%, such as 1% or 0.5%',
  read: (text) => scaled(text, { '%': 1 }),
};

/** Whole numbers come out whole: 1.1s is 1100000 µs, not 1100000.0000000002. */
function scaled(text: string | number, units: Record<string, number>): number {
  const [, number = '0', unit = ''] = /^([\d.]+)(.*)$/.exec(String(text)) ?? [];
  return Number((Number(number) * (units[unit] ?? 1)).toPrecision(12));
}
