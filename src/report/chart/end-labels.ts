import type { Markup } from '../markup.ts';
import { shortened } from '../text/safe.ts';
import { line, text, textWidth } from './svg.ts';

/** Where a curve ends. */
export interface End {
  name: string;
  x: number;
  y: number;
}

const apart = 13;
const longest = 18;

/** Pixels that the names need to the right of the curves. */
export const endRoom = (names: string[]): number =>
  Math.max(14, ...names.map((name) => textWidth(shortened(name, longest)) + 22));

/** Names beside the ends of curves, moved apart where they would touch, with a line to where they belong. */
export function endLabels(ends: End[], box: { right: number; top: number; bottom: number }): Markup[] {
  const sorted = ends.toSorted((a, b) => a.y - b.y);
  const gap = Math.min(apart, (box.bottom - box.top) / Math.max(1, sorted.length - 1));
  const places: number[] = [];
  for (const { y } of sorted) places.push(Math.max(y, (places.at(-1) ?? box.top - gap) + gap));
  let floor = box.bottom + gap;
  for (let i = places.length - 1; i >= 0; i--) {
    places[i] = Math.min(places[i] ?? 0, floor - gap);
    floor = places[i] ?? 0;
  }
  return sorted.flatMap(({ name, x, y }, i) => {
    const at = places[i] ?? y;
    return [
      line(x + 2, y, box.right + 12, at, 'leader'),
      text(box.right + 15, at + 4, shortened(name, longest), 'small strong'),
    ];
  });
}
