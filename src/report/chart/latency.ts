import type { Histogram, LatencyChart } from '../../model/measurement.ts';
import { type Markup, markup } from '../markup.ts';
import {
  enoughFor,
  highestFraction,
  percentileName,
  percentiles,
  percentileUs,
} from '../text/percentiles.ts';
import { number, quantity } from '../text/units.ts';
import { type End, endLabels, endRoom } from './end-labels.ts';
import { fromZero, logarithmic } from './scale.ts';
import { colour, dash, line, path, px, svg, text, type Width, widths } from './svg.ts';

/**
 * Latency by percentile. The axis counts nines, so that the tail has room; every curve ends where
 * its samples stop saying anything.
 */
export function latencyChart(chart: LatencyChart, looks: Looks = {}): Markup {
  return markup`${widths.map((width) => drawing(chart, width, looks))}${table(chart, looks)}`;
}

export interface Looks {
  /** By name of a series: the index of its colour and dash. */
  indexOf?: (name: string) => number;
  /** Names at the ends of the curves, where there is room. */
  named?: boolean;
}

const kindOf = (name: string, index: number, { indexOf }: Looks): string => {
  const at = indexOf?.(name) ?? index;
  return `curve ${colour(at)} ${dash(at)}`;
};

const nines = (p: number): number => -Math.log10(1 - p);

function drawing(chart: LatencyChart, width: Width, looks: Looks): Markup {
  const drawn = chart.series.map((series) => ({ ...series, points: curve(series.histogram) }));
  const all = drawn.flatMap((series) => series.points);
  if (all.length === 0) return markup``;
  const named = looks.named === true && width.name === 'wide';
  const room = named ? endRoom(drawn.map(({ name }) => name)) : 14;
  const box = { left: 58, right: width.px - room, top: 12, bottom: width.name === 'wide' ? 232 : 202 };
  const lowest = Math.max(1, Math.min(...all.map(({ us }) => us)));
  const highest = Math.max(...all.map(({ us }) => us), 1);
  const y =
    highest / lowest > 30
      ? logarithmic(lowest, highest, box.bottom, box.top, 6)
      : fromZero(highest, box.bottom, box.top, 5);
  const last = Math.max(...all.map(({ p }) => nines(p)), 1);
  const x = (p: number): number => box.left + (nines(p) / last) * (box.right - box.left);
  const marks = [0, ...percentiles].filter((p) => nines(p) <= last + 1e-9);
  return svg(width, box.bottom + 40, `${chart.title}: latency by percentile`, [
    ...y.ticks.flatMap((us) => [
      line(box.left, y(us), box.right, y(us), 'grid'),
      text(box.left - 7, y(us) + 4, us === 0 ? '0' : quantity(us, 'µs'), '', 'end'),
    ]),
    ...marks.flatMap((p) => [
      line(x(p), box.top, x(p), box.bottom, 'grid'),
      text(
        x(p),
        box.bottom + 16,
        p > 0 ? percentileName(p) : width.name === 'wide' ? 'min' : '',
        '',
        'middle',
      ),
    ]),
    text(
      (box.left + box.right) / 2,
      box.bottom + 34,
      'percentile (each step right: one more nine)',
      'soft',
      'middle',
    ),
    ...drawn.map(({ name, points }, index) =>
      path(
        points.map(({ p, us }, i) => `${i === 0 ? 'M' : 'L'}${px(x(p))} ${px(y(us))}`).join(''),
        kindOf(name, index, looks),
        name,
      ),
    ),
    ...(named ? endLabels(ends(drawn, x, y), box) : []),
  ]);
}

function ends(
  drawn: { name: string; points: { p: number; us: number }[] }[],
  x: (p: number) => number,
  y: (us: number) => number,
): End[] {
  return drawn.flatMap(({ name, points }) => {
    const last = points.at(-1);
    return last ? [{ name, x: x(last.p), y: y(last.us) }] : [];
  });
}

/** Points from the minimum to the highest percentile with enough samples. */
export function curve(histogram: Histogram): { p: number; us: number }[] {
  const limit = highestFraction(histogram.count);
  if (limit === 0) return [];
  const points = [{ p: 0, us: histogram.min }];
  let seen = 0;
  for (const [upper, count] of histogram.buckets) {
    const us = Math.min(upper, histogram.max);
    seen += count;
    const p = seen / histogram.count;
    if (p >= limit) return [...points, { p: limit, us }];
    points.push({ p, us });
  }
  return points;
}

/** The legend and the numbers in one: an empty cell is a percentile with too few samples. */
function table({ series }: LatencyChart, looks: Looks): Markup {
  const columns = percentiles.filter((p) => series.some(({ histogram }) => enoughFor(p, histogram.count)));
  const rows = series.map(({ name, histogram }, index) => {
    const values = columns.map((p) => {
      const us = percentileUs(histogram, p);
      return us === undefined
        ? markup`<td title="too few samples">–</td>`
        : markup`<td>${quantity(us, 'µs')}</td>`;
    });
    return markup`<tr><th scope="row"><svg class="key" viewBox="0 0 26 8" aria-hidden="true"><path d="M1 4H25" class="${kindOf(name, index, looks)}"/></svg> ${name}</th><td>${number(histogram.count)}</td><td>${quantity(histogram.min, 'µs')}</td>${values}<td>${quantity(histogram.max, 'µs')}</td></tr>`;
  });
  const head = columns.map((p) => markup`<th scope="col">${percentileName(p)}</th>`);
  return markup`<div class="scroll"><table class="numbers"><thead><tr><th scope="col">series</th><th scope="col">samples</th><th scope="col">min</th>${head}<th scope="col">max</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
