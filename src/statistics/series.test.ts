import { describe, expect, it } from 'vitest';
import { changePoints } from './change-point.ts';
import { noiseBand, runNoise } from './noise.ts';
import { median } from './quantile.ts';
import { randomFrom } from './random.ts';

const series = (seed: number, ...levels: number[]): number[] => {
  const random = randomFrom(seed);
  return levels.map((level) => level * (1 + 0.03 * random.normal()));
};
const nights = (count: number, level: number): number[] => Array.from({ length: count }, () => level);

describe('change points', () => {
  it('are found where planted', () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
      const found = changePoints(series(seed, ...nights(14, 100), ...nights(10, 115)), { seed });
      expect(found).toHaveLength(1);
      expect(Math.abs((found[0]?.at ?? 0) - 14)).toBeLessThanOrEqual(1);
      expect(found[0]?.before).toBeGreaterThan(97);
      expect(found[0]?.after).toBeGreaterThan(112);
    }
  });

  it('are both found when the level returns', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const values = series(seed, ...nights(12, 100), ...nights(8, 130), ...nights(12, 100));
      expect(changePoints(values, { seed }).map(({ at }) => at)).toEqual([12, 20]);
    }
  });

  it('of a stair are all found, each with its levels', () => {
    const values = series(3, ...nights(12, 100), ...nights(12, 120), ...nights(12, 150));
    const found = changePoints(values, { seed: 1 });
    expect(found.map(({ at }) => at)).toEqual([12, 24]);
    const steps = found.map(({ before, after }) => after - before);
    expect(Math.abs((steps[0] ?? 0) - 20)).toBeLessThan(4);
    expect(Math.abs((steps[1] ?? 0) - 30)).toBeLessThan(4);
  });

  it('are not found where nothing changed: at most 1 % of series, and one wild night is none', () => {
    const options = { seed: 1, permutations: 499 };
    const found = Array.from({ length: 300 }, (_, i) =>
      changePoints(series(i + 1, ...nights(20, 100)), options),
    ).filter((one) => one.length > 0);
    expect(found.length).toBeLessThanOrEqual(8);
    expect(changePoints(series(4, ...nights(10, 100), 400, ...nights(9, 100)), options)).toEqual([]);
    expect(changePoints(nights(30, 5), options)).toEqual([]);
  });

  it('need a series, and are the same for the same seed', () => {
    expect(changePoints([], { seed: 1 })).toEqual([]);
    expect(changePoints([1, 1, 1, 9, 9, 9, 9], { seed: 1 })).toEqual([]);
    const values = series(2, ...nights(9, 100), ...nights(9, 110));
    expect(changePoints(values, { seed: 5 })).toEqual(changePoints(values, { seed: 5 }));
  });
});

/** Half the width of a band, in sigmas: it depends only on the number of runs. */
function widthOf(runs: number, tail: number): number {
  const band = noiseBand(series(1, ...nights(runs, 100)), { centreOf: 7, tail });
  return band ? (band.high - band.centre) / band.sigma : Number.NaN;
}

describe('the noise band', () => {
  it('estimates the standard deviation of a run', () => {
    const random = randomFrom(2);
    expect(runNoise(Array.from({ length: 5000 }, () => 50 + 3 * random.normal()))).toBeCloseTo(3, 0.5);
  });

  it('an unchanged run leaves it about as often as it says, with few runs and with many', () => {
    const random = randomFrom(3);
    for (const runs of [5, 7, 10, 20, 30]) {
      for (const tail of [0.025, 0.005]) {
        const width = widthOf(runs, tail);
        const beyond = Array.from({ length: 10_000 }, () => {
          const values = Array.from({ length: runs }, random.normal);
          return random.normal() > median(values.slice(-7)) + width * runNoise(values);
        }).filter(Boolean).length;
        expect(beyond / 10_000).toBeLessThan(tail * 1.4);
        expect(beyond / 10_000).toBeGreaterThan(tail * 0.4);
      }
    }
  });

  it('is not widened by a change of level or by one wild night', () => {
    const quiet = noiseBand(series(6, ...nights(20, 100)));
    const wild = noiseBand(series(6, ...nights(10, 100), 300, ...nights(9, 100)));
    const changed = noiseBand(series(6, ...nights(13, 100), ...nights(7, 150)), { centreOf: 7 });
    expect(wild?.sigma).toBeLessThan(1.5 * (quiet?.sigma ?? 0));
    expect(changed?.sigma).toBeLessThan(2.2 * (quiet?.sigma ?? 0));
    expect(changed?.centre).toBeGreaterThan(145);
  });

  it('of values that differ by single steps of their resolution is at least half a step', () => {
    const handshake = [-24, -24, -32, -24, -24, -24, -16, -16, -24, -24];
    expect(runNoise(handshake)).toBe(4);
    expect(noiseBand(handshake, { centreOf: 7, tail: 0.004 })?.high).toBeGreaterThan(-16);
  });

  it('a change of level or a wild night among equal values is no resolution', () => {
    expect(runNoise([...nights(8, 40), ...nights(8, 90)])).toBe(0);
    expect(runNoise([...nights(8, 40), 90, ...nights(8, 40)])).toBe(0);
  });

  it('of rounded values is seldom left twice, however coarse they are', () => {
    const random = randomFrom(5);
    for (const sigma of [0.15, 0.3, 0.5, 1, 3]) {
      const value = (offset: number): number => Math.round(offset + sigma * random.normal());
      const left = Array.from({ length: 2000 }, (_, i) => {
        const past = Array.from({ length: 10 }, () => value(i / 2000));
        const high = noiseBand(past, { centreOf: 7, tail: 0.05 / 13 })?.high ?? Number.NaN;
        return value(i / 2000) > high && value(i / 2000) > high;
      }).filter(Boolean).length;
      expect(left / 2000).toBeLessThan(0.015);
    }
  });

  it('five runs are the fewest, and identical runs have none', () => {
    expect(noiseBand([1, 2, 3, 4])).toBeUndefined();
    expect(noiseBand([4, 4, 4, 4, 4])).toEqual({ centre: 4, low: 4, high: 4, sigma: 0, runs: 5 });
  });
});
