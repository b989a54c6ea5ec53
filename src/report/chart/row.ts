import type { Stretch, TimelineChart } from '../../model/measurement.ts';
import { type Markup, markup } from '../markup.ts';
import { duration } from '../text/units.ts';
import { longestOutage, outagesOf, spacingMs } from './outage.ts';
import type { Scale } from './scale.ts';
import { colour, line, path, px, rect, text } from './svg.ts';

export interface Row {
  left: number;
  right: number;
  top: number;
  bottom: number;
  x: (ms: number) => number;
  /** Milliseconds of latency to pixels. */
  y: Scale;
}

type Stream = TimelineChart['streams'][number];

/** One stream of a time line: its name, its outages, its answers. */
export function rowOf(stream: Stream, durationMs: number, row: Row, servers: string[]): Markup {
  const outages = stream.outages ?? outagesOf(stream.points, durationMs);
  const longest = longestOutage(outages);
  return markup`<g>${[
    line(row.left, row.bottom, row.right, row.bottom, 'axis'),
    ...row.y.ticks.flatMap((ms) => [
      line(row.left, row.y(ms), row.right, row.y(ms), 'grid'),
      text(row.left - 6, row.y(ms) + 4, duration(ms), 'small', 'end'),
    ]),
    ...outages.map((outage) => span(outage, row)),
    ...dots(stream, row, servers),
    text(row.left + 4, row.top + 15, stream.name, 'strong halo'),
    longest ? outageLabel(longest, stream, row) : markup``,
  ]}</g>`;
}

/** Shaded while nothing answered; red at the foot of the row, at least a pixel wide. */
function span(outage: Stretch, row: Row): Markup {
  const from = row.x(outage.fromMs);
  const to = Math.max(from + 1, row.x(outage.toMs));
  const title = `${duration(outage.toMs - outage.fromMs)} without a good answer, from ${duration(outage.fromMs)} on`;
  return markup`${[
    rect(from, row.top, to - from, row.bottom - row.top, 'outage', title),
    rect(from, row.bottom - 7, to - from, 7, 'badmark', title),
  ]}`;
}

function outageLabel(outage: Stretch, stream: Stream, row: Row): Markup {
  const lasted = duration(outage.toMs - outage.fromMs);
  const blur = duration(spacingMs(stream.points));
  const label = `${outage.ended ? '' : 'at least '}${lasted} ± ${blur}`;
  const middle = (row.x(outage.fromMs) + row.x(outage.toMs)) / 2;
  const half = label.length * 3.6;
  const at = Math.min(Math.max(middle, row.left + half), row.right - half);
  return text(at, (row.top + row.bottom) / 2 + 6, label, 'alarm halo', 'middle');
}

/** Dots of one server are one path; dots on the same half pixel are one dot. */
function dots(stream: Stream, row: Row, servers: string[]): Markup[] {
  const places = new Map<number, Set<string>>();
  for (const { tMs, latencyMs, server } of stream.points) {
    if (latencyMs === null) continue;
    const index = server === undefined ? -1 : servers.indexOf(server);
    const place = `M${px(half(row.x(tMs)))} ${px(half(row.y(Math.max(latencyMs, 1e-6))))}h0`;
    const set = places.get(index) ?? new Set();
    places.set(index, set.add(place));
  }
  return [...places]
    .sort(([a], [b]) => a - b)
    .map(([index, set]) =>
      path([...set].join(''), `dots ${index < 0 ? 'unnamed' : colour(index)}`, servers[index] ?? 'unnamed'),
    );
}

const half = (value: number): number => Math.round(value * 2) / 2;
