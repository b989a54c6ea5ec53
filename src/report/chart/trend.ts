import type { GatedFigure, Trend } from '../../model/history.ts';
import { type Markup, markup } from '../markup.ts';
import { change, quantity } from '../text/units.ts';
import { between } from './scale.ts';
import { circle, line, path, px, rect, svg, text, textWidth, type Width, widths } from './svg.ts';

export interface TrendChart {
  trend: Trend;
  /** The run to be marked. */
  run?: string | undefined;
  /** What the gate said of this figure in that run; its limits are drawn. */
  gated?: GatedFigure | undefined;
}

interface Frame {
  width: Width;
  left: number;
  right: number;
  top: number;
  bottom: number;
  x: (index: number) => number;
  y: (value: number) => number;
}

/** One figure over runs: the noise band, the baseline, changes of level, and the run that is asked about. */
export function trendChart(chart: TrendChart, sizes: readonly Width[] = widths): Markup {
  return markup`${sizes.map((width) => drawing(chart, width))}`;
}

function drawing(chart: TrendChart, width: Width): Markup {
  const { trend, gated } = chart;
  const { points, band, unit } = trend;
  if (points.length === 0) return markup``;
  const values = points.map(({ value }) => value);
  const all = [...values, ...(band ? [band.low, band.high] : []), ...limits(gated)];
  const wide = width.name === 'wide';
  const [top, bottom] = [24, wide ? 200 : 160];
  const shown = Math.min(...values) >= 0 ? all.map((value) => Math.max(0, value)) : all;
  const y = between(Math.min(...shown), Math.max(...shown), bottom, top, wide ? 5 : 4);
  const labels = y.ticks.map((value) => quantity(Number(value.toPrecision(10)), unit));
  const left = Math.max(...labels.map(textWidth)) + 10;
  const right = width.px - 14;
  const step = (right - left - 16) / Math.max(1, points.length - 1);
  const x = (index: number): number => left + 8 + (points.length === 1 ? (right - left) / 2 : index * step);
  const clipped = (value: number): number => Math.min(bottom, Math.max(top, y(value)));
  const frame: Frame = { width, left, right, top, bottom, x, y: clipped };
  return svg(width, bottom + 24, `${trend.check} ${trend.name} over ${points.length} runs`, [
    ...(band ? [bandOf(band, frame, unit)] : []),
    ...y.ticks.flatMap((value, index) => [
      line(left, y(value), right, y(value), 'grid'),
      text(left - 7, y(value) + 4, labels[index] ?? '', '', 'end'),
    ]),
    ...baselineOf(chart, frame),
    ...changesOf(trend, frame),
    path(
      points.map(({ value }, i) => `${i === 0 ? 'M' : 'L'}${px(x(i))} ${px(y(value))}`).join(''),
      'curve c0',
    ),
    ...points.map(({ run, startedAt, value }, i) =>
      circle(x(i), y(value), 2.4, 'point', `${day(startedAt)} ${run}: ${quantity(value, unit)}`),
    ),
    ...markOf(chart, frame),
    text(left, bottom + 17, day(points[0]?.startedAt ?? ''), 'soft'),
    ...(points.length < 2
      ? []
      : [text(right, bottom + 17, day(points.at(-1)?.startedAt ?? ''), 'soft', 'end')]),
  ]);
}

const day = (iso: string): string => iso.slice(0, 10);

const limits = (gated: GatedFigure | undefined): number[] =>
  [gated?.centre, gated?.low, gated?.high].filter((value) => value !== undefined);

function bandOf({ low, high }: NonNullable<Trend['band']>, { left, right, y }: Frame, unit: string): Markup {
  const title = `an unchanged run falls between ${quantity(low, unit)} and ${quantity(high, unit)} in 95 % of the cases`;
  return rect(left, y(high), right - left, Math.max(1, y(low) - y(high)), 'band', title);
}

/** The centre of the noise, and how far the gate lets a figure go to the worse side. */
function baselineOf({ trend, gated }: TrendChart, { left, right, y }: Frame): Markup[] {
  const centre = gated?.centre ?? trend.band?.centre;
  const limit = trend.better === 'lower' ? gated?.high : gated?.low;
  return [
    ...(centre === undefined ? [] : [line(left, y(centre), right, y(centre), 'centre')]),
    ...(limit === undefined ? [] : [line(left, y(limit), right, y(limit), 'limit')]),
  ];
}

function changesOf({ changes, points }: Trend, { x, top, bottom, left, right, width }: Frame): Markup[] {
  let free = Number.NEGATIVE_INFINITY;
  return changes.flatMap(({ run, startedAt, before, after }) => {
    const index = points.findIndex((point) => point.run === run);
    if (index < 0) return [];
    const at = (x(index) + x(Math.max(0, index - 1))) / 2;
    const size = change(after / before);
    const label = width.name === 'wide' ? `${size} since ${day(startedAt)}` : size;
    const half = textWidth(label) / 2;
    const middle = Math.min(Math.max(at, left + half), right - half);
    const fits = middle - half > free;
    if (fits) free = middle + half + 6;
    return [
      line(at, top - 6, at, bottom, 'mark'),
      ...(fits ? [text(middle, top - 10, label, 'small strong', 'middle')] : []),
    ];
  });
}

function markOf({ trend, run, gated }: TrendChart, { x, y, left, right, top }: Frame): Markup[] {
  const index = trend.points.findIndex((point) => point.run === run);
  const point = trend.points[index];
  if (!point) return [];
  const bad = gated?.outcome === 'regression' || gated?.outcome === 'suspected';
  const label = `${bad ? '✗ ' : ''}${quantity(point.value, trend.unit)}`;
  const half = textWidth(label) / 2;
  const at = Math.min(Math.max(x(index), left + half), right - half);
  const above = y(point.value) - 11;
  return [
    circle(x(index), y(point.value), 5.5, bad ? 'here bad' : 'here', `this run: ${label}`),
    text(
      at,
      above < top + 6 ? y(point.value) + 21 : above,
      label,
      bad ? 'alarm halo' : 'strong halo',
      'middle',
    ),
  ];
}
