import type { Schedule } from '../../model/exploration.ts';
import { describeFault } from '../../model/fault.ts';
import { type Markup, markup } from '../markup.ts';
import { seconds } from './words.ts';

const widthPx = 760;
const rowPx = 34;
const axisPx = 22;
const leastBarPx = 3;

/** Each fault as a bar on one axis of time, with its words above it. */
export function scheduleDrawing({ faults }: Schedule): Markup {
  const endMs = Math.max(1_000, ...faults.map(({ beginMs, durationMs }) => beginMs + durationMs));
  const lastS = Math.ceil(endMs / 1_000);
  const x = (ms: number): number => Math.round((ms / (lastS * 1_000)) * (widthPx - 20)) + 10;
  const height = faults.length * rowPx + axisPx;
  const everyS = Math.max(1, Math.ceil(lastS / 8));
  const ticks = Array.from({ length: Math.floor(lastS / everyS) + 1 }, (_, i) => i * everyS);
  const words = faults.map(({ fault }) => describeFault(fault)).join('; ');
  return markup`<svg class="schedule" viewBox="0 0 ${widthPx} ${height}" role="img" aria-label="${words}">${ticks.map(
    (s) =>
      markup`<line x1="${x(s * 1_000)}" x2="${x(s * 1_000)}" y1="0" y2="${height - axisPx}"/><text class="soft" x="${x(s * 1_000)}" y="${height - 6}" text-anchor="${s === 0 ? 'start' : 'middle'}">${seconds(s * 1_000)}</text>`,
  )}${faults.map(({ fault, beginMs, durationMs }, i) => {
    const right = x(beginMs) > widthPx / 2;
    return markup`<text x="${right ? x(beginMs + durationMs) : x(beginMs)}" y="${i * rowPx + 14}" text-anchor="${right ? 'end' : 'start'}">${describeFault(fault)}</text><rect x="${x(beginMs)}" y="${i * rowPx + 20}" width="${Math.max(leastBarPx, x(beginMs + durationMs) - x(beginMs))}" height="9" rx="2"/>`;
  })}</svg>`;
}
