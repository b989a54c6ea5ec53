import type { TimelineChart } from '../../model/measurement.ts';
import { type Markup, markup } from '../markup.ts';
import { shortened } from '../text/safe.ts';
import { duration } from '../text/units.ts';
import { type Row, rowOf } from './row.ts';
import { fromZero, logarithmic } from './scale.ts';
import { colour, line, svg, text, textWidth, type Width, widths } from './svg.ts';

/** A failover: one row per stream, good answers as dots by latency, bad ones as red marks, faults across. */
export function timelineChart(chart: TimelineChart): Markup {
  const servers = serversOf(chart);
  const keys = servers.map(
    (name, index) => markup`<li><span class="dot ${colour(index)}"></span>${name}</li>`,
  );
  return markup`${widths.map((width) => drawing(chart, width, servers))}
<ul class="keys">${keys}<li><span class="dot bad"></span>no good answer</li></ul>`;
}

function serversOf({ streams }: TimelineChart): string[] {
  const names = new Set(streams.flatMap(({ points }) => points.map(({ server }) => server)));
  return [...names]
    .filter((name) => name !== undefined)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

function drawing(chart: TimelineChart, width: Width, servers: string[]): Markup {
  const wide = width.name === 'wide';
  const left = wide ? 64 : 52;
  const right = width.px - 12;
  const seconds = fromZero(chart.durationMs / 1000, left, right, wide ? 8 : 4);
  const x = (ms: number): number => left + (ms / (chart.durationMs || 1)) * (right - left);
  const labels = placeLabels(chart, x, left, right);
  const top = labels.rows * 16 + 8;
  const rowHeight = 92;
  const bottom = top + chart.streams.length * rowHeight;
  const [lowest, highest] = latencies(chart);
  const rows = chart.streams.map((stream, index) => {
    const from = top + index * rowHeight;
    const row: Row = {
      left,
      right,
      top: from,
      bottom: from + rowHeight,
      x,
      y: logarithmic(lowest, highest, from + 76, from + 26, 4),
    };
    return rowOf(stream, chart.durationMs, row, servers);
  });
  const ticks = seconds.ticks.filter((s) => s * 1000 <= chart.durationMs * 1.0001);
  return svg(width, bottom + 34, `${chart.title}: answers over time`, [
    ...ticks.flatMap((s) => [
      line(x(s * 1000), top, x(s * 1000), bottom, 'grid'),
      text(x(s * 1000), bottom + 16, `${s} s`, '', 'middle'),
    ]),
    ...rows,
    ...chart.marks.map(({ tMs }, index) =>
      line(x(tMs), (labels.places[index]?.y ?? 0) + 3, x(tMs), bottom, 'mark'),
    ),
    ...labels.places.map(({ x: at, y, label, anchor }) => text(at, y, label, 'strong halo', anchor)),
  ]);
}

/** Labels stand in the first row where they do not touch one another. */
function placeLabels(chart: TimelineChart, x: (ms: number) => number, left: number, right: number) {
  const rowEnds: { from: number; to: number }[][] = [];
  const places = chart.marks.map(({ tMs, label: whole }) => {
    const label = shortened(`${duration(tMs)}: ${whole}`, Math.floor((right - left) / 6.6));
    const size = textWidth(label);
    const at = x(tMs);
    const anchor = at + size > right ? 'end' : 'start';
    const shift = anchor === 'end' && at - size < 0 ? size - at : 0;
    const from = anchor === 'end' ? at - size + shift : at;
    let row = rowEnds.findIndex((taken) =>
      taken.every((one) => from > one.to + 8 || from + size < one.from - 8),
    );
    if (row === -1) row = rowEnds.push([]) - 1;
    rowEnds[row]?.push({ from, to: from + size });
    return { x: at + shift + (anchor === 'start' ? -2 : 2), row, label, anchor };
  });
  // The last row lies nearest to the rows; the first mark gets the highest.
  const placed = places.map(({ row, ...place }) => ({ ...place, y: 14 + row * 16 }));
  return { rows: rowEnds.length, places: placed };
}

function latencies({ streams }: TimelineChart): [number, number] {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 0;
  for (const { points } of streams) {
    for (const { latencyMs } of points) {
      if (latencyMs === null || latencyMs <= 0) continue;
      lowest = Math.min(lowest, latencyMs);
      highest = Math.max(highest, latencyMs);
    }
  }
  return highest === 0 ? [0.1, 1] : [lowest, highest];
}
