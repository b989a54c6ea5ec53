import { describe, expect, it } from 'vitest';
import { outageOf, type TimedPoint } from './outage.ts';

/** Ten seconds of probes; `fate` says what came of the one planned at `tMs`. */
function stream(rateHz: number, fate: (tMs: number) => Partial<TimedPoint>): TimedPoint[] {
  return Array.from({ length: 10 * rateHz }, (_, i) => {
    const tMs = (i * 1000) / rateHz;
    return { tMs, latencyMs: 0.4, ...fate(tMs) };
  });
}
const lost = (error: string): Partial<TimedPoint> => ({ latencyMs: null, error });
const within = (tMs: number, from: number, to: number) => tMs >= from && tMs < to;

describe('outageOf', () => {
  it('finds nothing in a healthy stream', () => {
    expect(
      outageOf(
        stream(100, () => ({})),
        100,
      ),
    ).toEqual({
      firstBadMs: null,
      lastBadMs: null,
      contiguousMs: 0,
      stretches: [],
      bad: 0,
      lossDerivedMs: 0,
      resolutionMs: 10,
      resets: 0,
      silent: 0,
      refused: 0,
    });
  });

  for (const rateHz of [20, 100, 1000]) {
    it(`measures a black hole to one interval at ${rateHz}/s`, () => {
      const outage = outageOf(
        stream(rateHz, (t) => (within(t, 3_003, 5_006) ? lost('timeout') : {})),
        rateHz,
      );
      expect(Math.abs(outage.contiguousMs - 2_003)).toBeLessThanOrEqual(outage.resolutionMs);
      expect(Math.abs(outage.lossDerivedMs - 2_003)).toBeLessThanOrEqual(outage.resolutionMs);
      expect(outage.silent).toBe(outage.bad);
    });

    it(`measures a stall in full at ${rateHz}/s, although every probe is answered`, () => {
      const outage = outageOf(
        stream(rateHz, (t) => (within(t, 3_003, 5_006) ? { latencyMs: 5_006 - t + 0.4 } : {})),
        rateHz,
      );
      expect(Math.abs(outage.contiguousMs - 2_003)).toBeLessThanOrEqual(outage.resolutionMs);
    });

    it(`measures a stall in full at ${rateHz}/s when probes are given up after 250 ms`, () => {
      const outage = outageOf(
        stream(rateHz, (t) => {
          if (!within(t, 3_003, 5_006)) return {};
          return 5_006 - t > 250 ? lost('timeout') : { latencyMs: 5_006 - t + 0.4 };
        }),
        rateHz,
      );
      expect(Math.abs(outage.contiguousMs - 2_003)).toBeLessThanOrEqual(outage.resolutionMs);
    });
  }

  it('measures a stall that takes up most of the stream', () => {
    const outage = outageOf(
      stream(100, (t) => (within(t, 1_500, 9_500) ? { latencyMs: 9_500 - t } : {})),
      100,
    );
    expect(Math.abs(outage.contiguousMs - 8_000)).toBeLessThanOrEqual(10);
  });

  it('tells one real server of two, by loss, from a whole outage', () => {
    let turn = 0;
    const outage = outageOf(
      stream(100, (t) => (within(t, 2_000, 4_000) && turn++ % 2 === 0 ? lost('refused') : {})),
      100,
    );
    expect(outage.contiguousMs).toBeLessThanOrEqual(11);
    expect(outage.lossDerivedMs).toBe(1_000);
    expect(outage.refused).toBe(100);
    expect([outage.firstBadMs, outage.lastBadMs]).toEqual([2_000, 3_980]);
  });

  it('counts slow answers for as long as they are slow', () => {
    const outage = outageOf(
      stream(100, (t) => (within(t, 2_000, 4_000) ? { latencyMs: 300 } : {})),
      100,
    );
    expect(outage.contiguousMs).toBeGreaterThanOrEqual(1_990);
    expect(outage.contiguousMs).toBeLessThanOrEqual(2_010);
  });

  it('does not blame the service for the lag of the instrument', () => {
    const hiccup = stream(100, (t) =>
      within(t, 2_000, 3_000) ? { latencyMs: 3_100.4 - t, lagMs: 3_000 - t, deafMs: 100 } : {},
    );
    expect(outageOf(hiccup, 100).bad).toBe(0);
  });

  it('lasts to the end when nothing came back', () => {
    const outage = outageOf(
      stream(100, (t) => (t >= 6_000 ? lost('timeout') : {})),
      100,
    );
    expect(outage.contiguousMs).toBeCloseTo(4_000);
    expect(
      outageOf(
        stream(100, () => lost('refused')),
        100,
      ).contiguousMs,
    ).toBeCloseTo(10_000);
  });

  it('tells resets from silence', () => {
    const outage = outageOf(
      stream(100, (t) => {
        if (t === 1_000) return lost('reset');
        if (t === 1_010) return lost('closed');
        return within(t, 1_020, 1_050) ? lost('timeout') : {};
      }),
      100,
    );
    expect(outage).toMatchObject({ bad: 5, resets: 2, silent: 3, refused: 0 });
    expect(outage.contiguousMs).toBeCloseTo(50);
  });

  it('is about usual answers, however far away the service is', () => {
    const far = stream(100, (t) => (within(t, 3_000, 4_000) ? lost('timeout') : { latencyMs: 180 }));
    const outage = outageOf(far, 100);
    expect(outage.bad).toBe(100);
    expect(Math.abs(outage.contiguousMs - 1_000)).toBeLessThanOrEqual(10);
  });
});
