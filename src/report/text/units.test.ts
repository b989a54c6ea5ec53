import { expect, it } from 'vitest';
import { bytes, change, duration, instant, number, plural, quantity, range } from './units.ts';

it('writes numbers with three significant digits', () => {
  expect([0, 0.01724, 0.5, 3.1, 12.345, 1987.4, 1234567, -1234.5, Number.NaN].map(number)).toEqual([
    '0',
    '0.0172',
    '0.5',
    '3.1',
    '12.3',
    '1,987',
    '1,234,567',
    '-1,235',
    '–',
  ]);
});

it('chooses the unit that keeps a value short', () => {
  expect(quantity(3110, 'ms')).toBe('3.11 s');
  expect(quantity(412, 'µs')).toBe('412 µs');
  expect(quantity(1500, 'µs')).toBe('1.5 ms');
  expect(quantity(2.31e9, 'bit/s')).toBe('2.31 Gbit/s');
  expect(quantity(0.998, '1')).toBe('0.998');
  expect(quantity(1987.4, 'requests/s')).toBe('1,987 requests/s');
});

it('writes durations', () => {
  expect([0, 0.25, 59, 60_000, 249_300, 3_700_000].map(duration)).toEqual([
    '0 ms',
    '250 µs',
    '59 ms',
    '1 min 0 s',
    '4 min 9 s',
    '1 h 1 min',
  ]);
});

it('writes sizes, counts and instants', () => {
  expect([0, 812, 6496, 8_323_000_000].map(bytes)).toEqual(['0 B', '812 B', '6.34 KiB', '7.75 GiB']);
  expect([plural(1, 'check'), plural(2, 'check')]).toEqual(['1 check', '2 checks']);
  expect(instant('2026-11-22T02:00:04.120Z')).toBe('2026-11-22 02:00:04 UTC');
  expect(instant('soon')).toBe('soon');
});

it('writes a ratio as a change, and a range with its unit once', () => {
  expect([1, 0.9999, 1.012, 0.16, 1.415, 2, 3.44, Number.NaN].map(change)).toEqual([
    '±0 %',
    '±0 %',
    '+1.2 %',
    '−84 %',
    '+42 %',
    '2 ×',
    '3.44 ×',
    '–',
  ]);
  expect(range(4.1, 4.9, 'ms')).toBe('4.1 to 4.9 ms');
  expect(range(0.9, 1.4, 'ms')).toBe('900 µs to 1.4 ms');
  expect(range(199, 201, 'requests/s')).toBe('199 to 201 requests/s');
  expect(range(0.1, 0.2, '1')).toBe('0.1 to 0.2');
});
