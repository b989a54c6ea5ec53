import { describe, expect, test } from 'vitest';
import { duration, percentage, type Quantity, rate, size } from './quantities.ts';

const cases: [string, Quantity, [string, number][], string[]][] = [
  [
    'duration in µs',
    duration,
    [
      ['300us', 300],
      ['2ms', 2000],
      ['1.5s', 1_500_000],
      ['1.1s', 1_100_000],
      ['40.95s', 40_950_000],
      ['5min', 300_000_000],
    ],
    ['5', 's', '1 s', '-1s', '1h', '1e3ms', '.5s'],
  ],
  [
    'rate in bit/s',
    rate,
    [
      ['500kbit', 500_000],
      ['100mbit', 100_000_000],
      ['1.5gbit', 1_500_000_000],
    ],
    ['100', '100mb', '1Gbit', 'mbit'],
  ],
  [
    'size in bytes',
    size,
    [
      ['512', 512],
      ['1k', 1000],
      ['1kB', 1000],
      ['10MB', 10_000_000],
      ['64KiB', 65_536],
      ['1Mi', 1_048_576],
    ],
    ['1T', '-1', 'k', '1kb'],
  ],
  [
    'percentage',
    percentage,
    [
      ['0%', 0],
      ['0.5%', 0.5],
      ['100%', 100],
    ],
    ['1', '101%', '-1%', '%'],
  ],
];

describe.each(cases)('%s', (_, quantity, good, bad) => {
  test.each(good)('%s is %d', (text, value) => {
    expect(text).toMatch(quantity.pattern);
    expect(quantity.read(text)).toBe(value);
  });
  test.each(bad)('«%s» is refused', (text) => {
    expect(text).not.toMatch(quantity.pattern);
  });
  test('a bare 0 is 0', () => {
    expect(quantity.read(0)).toBe(0);
  });
});
