import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { isSame } from '../../history/fingerprint.ts';
import { isNight } from '../../history/line.ts';
import { openHistory } from '../../history/store.ts';
import { trendsOf } from '../../history/trend.ts';
import type { RunLine } from '../../model/history.ts';
import { readRecord } from '../../model/stored/record.ts';
import { type RunHistory, trendHtml, trendSummary, writeWhole } from '../../report/index.ts';
import { UsageError } from '../../util/errors.ts';
import { makeFolder } from '../outside/folders.ts';
import { terminal } from '../outside/terminal.ts';

interface TrendOptions {
  last: number;
  out?: string;
  json?: boolean;
}

export function addTrend(program: Command): void {
  program
    .command('trend')
    .summary('show how the figures of a history changed, night by night')
    .description(
      'Shows the runs of a history that have the lab, sandbox, kernel and machine of its last one, and writes trend.html.',
    )
    .argument('<history>', 'folder of drlab run --history')
    .option('-n, --last <n>', 'how many of the last runs to show', wholeNumber, 200)
    .option('-o, --out <dir>', 'folder for trend.html (default: the history)')
    .option('--json', 'print the trends as JSON, and write nothing')
    .addHelpText('after', '\nExample:\n  drlab trend nights')
    .action(async (dir: string, options: TrendOptions) => {
      const { runs, unreadable } = await openHistory(dir);
      const nights = runs.filter(isNight);
      const last = nights.at(-1);
      const unread = unreadable.map(({ why }) => `not read: ${why}`);
      if (!last) {
        const why = [`the history ${dir} has no run`, ...unread].join('; ');
        throw new UsageError(why, { hint: 'drlab run --history DIR adds one.' });
      }
      const { fingerprint } = last;
      const own = nights.filter((run) => isSame(run.fingerprint, fingerprint)).slice(-options.last);
      const { gate } = await readRecord(last.file);
      const history: RunHistory = {
        ...{ fingerprint, run: last.id, trends: trendsOf(nights, fingerprint, { last: options.last }) },
        ...(gate && { gate }),
      };
      const { write, ...screen } = terminal();
      if (options.json) return write(`${JSON.stringify(history)}\n`);
      const folder = await makeFolder(options.out ?? dir);
      const page = await writeWhole(join(folder, 'trend.html'), trendHtml(history));
      const told = [...apart(nights, own), ...unread];
      write(`${[trendSummary(history, own.slice(-14), screen), ...told].join('\n')}\nTrends: ${page}\n`);
    });
}

function apart(nights: readonly RunLine[], own: readonly RunLine[]): string[] {
  const others = nights.filter(
    ({ fingerprint }) => own[0] && !isSame(fingerprint, own[0].fingerprint),
  ).length;
  return others === 0
    ? []
    : [`Not shown: ${others} runs with another lab, sandbox, kernel or machine; they are not comparable.`];
}

function wholeNumber(text: string): number {
  const n = Number(text);
  if (Number.isInteger(n) && n >= 1) return n;
  throw new InvalidArgumentError('Expected a whole number of at least 1.');
}
