import { type Markup, markup } from '../markup.ts';
import { shortened } from '../text/safe.ts';
import { change } from '../text/units.ts';
import { between, logarithmic, type Scale } from './scale.ts';
import { line, path, px, rect, svg, text, textWidth, type Width, widths } from './svg.ts';

export interface IntervalRow {
  name: string;
  /** To the base; missing: nothing to draw. */
  ratio?: { median: number; low: number; high: number };
  tone: 'pass' | 'fail' | 'unsupported' | 'inconclusive';
  mark: string;
}

export interface IntervalChart {
  title: string;
  base: string;
  /** Half-width of the shaded band, as a share. */
  effect: number;
  better: 'higher' | 'lower';
  rows: IntervalRow[];
}

/** Ratios to the base with their intervals, a row each; shaded is what does not matter. */
export function intervalChart(chart: IntervalChart): Markup {
  return markup`${widths.map((width) => drawing(chart, width))}`;
}

const rowHeight = 26;

function drawing(chart: IntervalChart, width: Width): Markup {
  const wide = width.name === 'wide';
  const names = chart.rows.map(({ name }) => shortened(name, wide ? 26 : 13));
  const told = chart.rows.map(({ ratio }) => (ratio && wide ? intervalWords(ratio) : ''));
  const left = Math.max(40, ...names.map(textWidth)) + 26;
  const right = width.px - Math.max(8, ...told.map(textWidth)) - 14;
  const [top, bottom] = [20, 20 + chart.rows.length * rowHeight];
  const x = scaleOf(chart, left, right, wide ? 6 : 3);
  const [bandFrom, bandTo] = [x(1 / (1 + chart.effect)), x(1 + chart.effect)];
  const title = `${chart.title} against ${chart.base}: intervals`;
  return svg(width, bottom + 40, title, [
    rect(
      bandFrom,
      top,
      bandTo - bandFrom,
      bottom - top,
      'effect',
      `too small to matter: ${change(1 + chart.effect)}`,
    ),
    ...x.ticks.flatMap((ratio) => [
      line(x(ratio), top, x(ratio), bottom, 'grid'),
      text(x(ratio), bottom + 16, change(ratio), '', 'middle'),
    ]),
    line(x(1), top - 6, x(1), bottom, 'axis'),
    text(x(1), 11, `= ${shortened(chart.base, 16)}`, 'small', 'middle'),
    ...chart.rows.flatMap((row, index) => {
      const y = top + (index + 0.5) * rowHeight;
      return [
        text(left - 24, y + 4, names[index] ?? row.name, '', 'end'),
        text(left - 18, y + 4, row.mark, `v-mark v-${row.tone}`),
        ...(row.ratio ? interval(row, row.ratio, y, x) : []),
        ...(told[index] ? [text(right + 10, y + 4, told[index], 'small')] : []),
      ];
    }),
    text(
      (left + right) / 2,
      bottom + 34,
      chart.better === 'lower' ? '◂ left is better' : 'right is better ▸',
      'soft',
      'middle',
    ),
  ]);
}

/** `−84 % (−86 to −81 %)` */
export function intervalWords({ median, low, high }: NonNullable<IntervalRow['ratio']>): string {
  return `${change(median)} (${change(low)} to ${change(high)})`.replace(/ %( to .* %\))/, '$1');
}

function interval(row: IntervalRow, ratio: NonNullable<IntervalRow['ratio']>, y: number, x: Scale): Markup[] {
  const title = `${row.name}: ${intervalWords(ratio)}`;
  const [from, at, to] = [x(ratio.low), x(ratio.median), x(ratio.high)];
  const shape = {
    pass: `M${px(at - 5)} ${px(y)}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z`,
    fail: `M${px(at - 5)} ${px(y - 5)}h10v10h-10Z`,
    unsupported: `M${px(at - 4.5)} ${px(y)}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z`,
    inconclusive: `M${px(at)} ${px(y - 6)}l6 6l-6 6l-6 -6Z`,
  }[row.tone];
  const open = row.tone === 'unsupported' || row.tone === 'inconclusive';
  return [
    line(from, y, Math.max(to, from + 1), y, `interval v-${row.tone}`),
    path(shape, `${open ? 'open' : 'full'} v-${row.tone}`, title),
  ];
}

/** Logarithmic where the ratios are far apart; 1 and the band are always in sight. */
function scaleOf({ rows, effect }: IntervalChart, left: number, right: number, tickCount: number): Scale {
  const all = [1 / (1 + 1.5 * effect), 1 + 1.5 * effect];
  for (const { ratio } of rows) if (ratio) all.push(ratio.low, ratio.high);
  const [min, max] = [Math.max(1e-3, Math.min(...all)), Math.min(1e3, Math.max(...all))];
  return max / min > 3
    ? logarithmic(min, max, left, right, tickCount)
    : between(min, max, left, right, tickCount);
}
