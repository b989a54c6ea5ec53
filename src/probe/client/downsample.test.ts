import { describe, expect, it } from 'vitest';
import { downsample } from './downsample.ts';

const points = (n: number, isBad: (i: number) => boolean) =>
  Array.from({ length: n }, (_, i) => ({ tMs: i, latencyMs: 1, ...(isBad(i) && { error: 'timeout' }) }));

describe('downsample', () => {
  it('leaves a short stream alone', () => {
    const short = points(100, () => false);
    expect(downsample(short, 100)).toBe(short);
  });

  it('keeps every bad point and spreads the good ones', () => {
    const kept = downsample(
      points(10_000, (i) => i >= 4_000 && i < 4_500),
      1_000,
    );
    expect(kept.length).toBeLessThanOrEqual(1_000);
    expect(kept.length).toBeGreaterThan(990);
    expect(kept.filter((point) => point.error)).toHaveLength(500);
    expect(Math.max(...kept.slice(1).map((point, i) => point.tMs - (kept[i]?.tMs ?? 0)))).toBeLessThan(25);
  });

  it('stays within the limit when all are bad', () =>
    expect(
      downsample(
        points(10_000, () => true),
        1_000,
      ),
    ).toHaveLength(1_000));
});
