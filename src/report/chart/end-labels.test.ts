import { expect, it } from 'vitest';
import { endLabels } from './end-labels.ts';

const heights = (ends: { name: string; x: number; y: number }[]): number[] =>
  endLabels(ends, { right: 300, top: 10, bottom: 200 }).flatMap(({ source }) => {
    const y = /^<text x="[^"]*" y="([^"]*)"/.exec(source)?.[1];
    return y === undefined ? [] : [Number(y)];
  });

it('keeps names apart and inside, however close the curves end', () => {
  const together = Array.from({ length: 15 }, (_, i) => ({ name: `v${i}`, x: 290, y: 195 }));
  const places = heights(together);
  expect(places).toHaveLength(15);
  for (const [i, y] of places.entries()) {
    expect(y).toBeGreaterThanOrEqual(10);
    expect(y).toBeLessThanOrEqual(205);
    if (i > 0) expect(y - (places[i - 1] ?? 0)).toBeGreaterThanOrEqual(12.9);
  }
});

it('leaves names where they are when there is room', () => {
  expect(
    heights([
      { name: 'a', x: 290, y: 50 },
      { name: 'b', x: 290, y: 120 },
    ]),
  ).toEqual([54, 124]);
});
