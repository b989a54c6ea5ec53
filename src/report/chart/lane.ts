import type { Stretch, TimelineChart } from '../../model/measurement.ts';
import { type Markup, markup } from '../markup.ts';
import { duration } from '../text/units.ts';
import { longestOutage, outagesOf, spacingMs } from './outage.ts';
import type { Scale } from './scale.ts';
import { colour, line, path, px, rect, text } from './svg.ts';

export interface Lane {
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
export function laneOf(stream: Stream, durationMs: number, lane: Lane, servers: string[]): Markup {
  const outages = stream.outages ?? outagesOf(stream.points, durationMs);
  const longest = longestOutage(outages);
  return markup`<g>${[
    line(lane.left, lane.bottom, lane.right, lane.bottom, 'axis'),
    ...lane.y.ticks.flatMap((ms) => [
      line(lane.left, lane.y(ms), lane.right, lane.y(ms), 'grid'),
      text(lane.left - 6, lane.y(ms) + 4, duration(ms), 'small', 'end'),
    ]),
    ...outages.map((outage) => span(outage, lane)),
    ...dots(stream, lane, servers),
    text(lane.left + 4, lane.top + 15, stream.name, 'strong halo'),
    longest ? outageLabel(longest, stream, lane) : markup``,
  ]}</g>`;
}

/** Shaded while nothing answered; red at the foot of the lane, at least a pixel wide. */
function span(outage: Stretch, lane: Lane): Markup {
  const from = lane.x(outage.fromMs);
  const to = Math.max(from + 1, lane.x(outage.toMs));
  const title = `${duration(outage.toMs - outage.fromMs)} without a good answer, from ${duration(outage.fromMs)} on`;
  return markup`${[
    rect(from, lane.top, to - from, lane.bottom - lane.top, 'outage', title),
    rect(from, lane.bottom - 7, to - from, 7, 'badmark', title),
  ]}`;
}

function outageLabel(outage: Stretch, stream: Stream, lane: Lane): Markup {
  const lasted = duration(outage.toMs - outage.fromMs);
  const blur = duration(spacingMs(stream.points));
  const label = `${outage.ended ? '' : 'at least '}${lasted} ± ${blur}`;
  const middle = (lane.x(outage.fromMs) + lane.x(outage.toMs)) / 2;
  const half = label.length * 3.6;
  const at = Math.min(Math.max(middle, lane.left + half), lane.right - half);
  return text(at, (lane.top + lane.bottom) / 2 + 6, label, 'alarm halo', 'middle');
}

/** Dots of one server are one path; dots on the same half pixel are one dot. */
function dots(stream: Stream, lane: Lane, servers: string[]): Markup[] {
  const places = new Map<number, Set<string>>();
  for (const { tMs, latencyMs, server } of stream.points) {
    if (latencyMs === null) continue;
    const index = server === undefined ? -1 : servers.indexOf(server);
    const place = `M${px(half(lane.x(tMs)))} ${px(half(lane.y(Math.max(latencyMs, 1e-6))))}h0`;
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
