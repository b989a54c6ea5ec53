import type { RunLine, Trend } from '../../model/history.ts';
import { paintFor } from '../text/paint.ts';
import { oneLine } from '../text/safe.ts';
import { change, instant, quantity } from '../text/units.ts';
import { wrap } from '../text/wrap.ts';
import { gateWords, type RunHistory } from '../trend/index.ts';

/** How the figures went over the nights: one line each, and one for every change of level. */
export function trendSummary(
  history: RunHistory,
  nights: readonly Pick<RunLine, 'id' | 'startedAt' | 'exitCode'>[],
  o: { color: boolean; width: number },
): string {
  const paint = paintFor(o.color);
  const width = Math.max(40, o.width);
  const { lab, sandbox, kernel, machine } = history.fingerprint;
  const { tone, headline, detail } = gateWords(history);
  const label = ({ check, name }: Trend): string => `${oneLine(check).padEnd(8)} ${oneLine(name)}`;
  const column = Math.max(0, ...history.trends.map((trend) => label(trend).length));
  const blocks = [
    wrap(`lab ${lab}; ${sandbox}; kernel ${kernel}; ${machine}`, width).map(paint.dim),
    nights.map(({ id, startedAt, exitCode }) => `${instant(startedAt)}  exit ${exitCode}  ${oneLine(id)}`),
    history.trends.flatMap((trend) => [
      `${label(trend).padEnd(column)}  ${nowOf(trend)}`,
      ...trend.changes.map(({ startedAt, before, after, p }) =>
        paint.verdict(
          'warn',
          `    since ${instant(startedAt)}: ${quantity(before, trend.unit)} → ${quantity(after, trend.unit)} (${change(after / before)}, p = ${p.toPrecision(1)})`,
        ),
      ),
    ]),
    wrap(oneLine(`${headline}. ${detail}`), width).map((line, i) =>
      i === 0 ? paint.verdict(tone, line) : line,
    ),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function nowOf({ points, band, unit, better }: Trend): string {
  const last = points.at(-1);
  const now = last === undefined ? '–' : quantity(last.value, unit);
  const usual = band && `usual ${quantity(band.low, unit)} to ${quantity(band.high, unit)}`;
  return [now, usual ?? `${points.length} of the 5 runs that a noise band needs`, `${better} is better`].join(
    '; ',
  );
}
