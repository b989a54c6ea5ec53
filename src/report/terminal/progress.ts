import type { RunEvent } from '../../model/events.ts';
import type { CheckResult } from '../../model/record.ts';
import { paintFor } from '../text/paint.ts';
import { oneLine, plain } from '../text/safe.ts';
import { duration } from '../text/units.ts';
import { didNotSettle } from '../text/unsettled.ts';
import { hanging } from '../text/wrap.ts';
import { checkLine, detailLines } from './check-lines.ts';
import { StatusLine } from './status-line.ts';

export interface ProgressOptions {
  write: (text: string) => void;
  isTty: boolean;
  width: number;
  color: boolean;
  /** Only what is wrong. */
  quiet: boolean;
  /** The events themselves, one JSON object a line. */
  json: boolean;
  /** What a result means where it is not its verdict that counts, as for a mutant; undefined for the others. */
  meaning?: (caseName: string, result: CheckResult) => Meaning | 'quiet' | undefined;
}

export interface Meaning {
  good: boolean;
  text: string;
}

export interface Progress {
  onEvent(event: RunEvent): void;
  /** A word from the outside, such as which sandbox was taken. */
  note(text: string): void;
  /** Ends the status line; nothing is written afterwards. */
  close(): void;
}

/** Shows a run while it runs: a line per finished check, what is wrong at once, and what takes long. */
export function progressReporter(options: ProgressOptions): Progress {
  return options.json ? asJson(options) : asText(options);
}

function asJson({ write }: ProgressOptions): Progress {
  let open = true;
  const line = (value: object): void => {
    if (open) write(`${JSON.stringify(value)}\n`);
  };
  return {
    onEvent: line,
    note: (text) => line({ type: 'note', text }),
    close: () => {
      open = false;
    },
  };
}

function asText({ write, isTty, width: columns, color, quiet, meaning }: ProgressOptions): Progress {
  const paint = paintFor(color);
  const width = Math.max(40, columns);
  const status = isTty && !quiet ? new StatusLine(write, width) : undefined;
  let open = true;
  const say = (lines: string[]): void => {
    if (!open || lines.length === 0) return;
    const text = `${lines.join('\n')}\n`;
    if (status) status.above(text);
    else write(text);
  };
  const aside = (text: string): void => {
    if (!quiet) say([paint.dim(text)]);
  };

  const showing: { [Type in RunEvent['type']]?: (event: Extract<RunEvent, { type: Type }>) => void } = {
    hello: (event) => status?.begin(`kernel ${oneLine(event.kernel)} is up`),
    'case-start': (event) => status?.begin(`building the lab for ${oneLine(event.case)}`),
    'lab-up': (event) => {
      status?.end();
      if (!meaning) aside(`lab up in ${duration(event.tookMs)} (${oneLine(event.case)})`);
    },
    unsettled: (event) => {
      status?.end();
      say(
        hanging('! ', oneLine(didNotSettle(event)), 0, 2, width).map((line) => paint.verdict('warn', line)),
      );
    },
    'lab-down': () => status?.end(),
    'check-start': (event) => status?.begin(`${oneLine(event.id)} ${oneLine(event.title)}`),
    progress: (event) => status?.say(oneLine(event.text)),
    'check-end': ({ case: caseName, result }) => {
      status?.end();
      const special = meaning?.(caseName, result);
      if (special === 'quiet') return;
      if (special) {
        const mark = special.good ? paint.verdict('pass', '✓') : paint.verdict('fail', '✗');
        if (!quiet || !special.good) say([`${mark} ${oneLine(special.text)}`]);
        return;
      }
      const fine = ['pass', 'unsupported', 'skipped'].includes(result.verdict);
      if (quiet && fine) return;
      say([checkLine(result, paint, width), ...detailLines(result, paint, width)]);
    },
    fault: ({ message, hint }) => {
      status?.end();
      say([
        ...hanging('', plain(message), 0, 0, width).map((line) => paint.verdict('broken', line)),
        ...(hint === undefined ? [] : hanging('', plain(hint), 2, 0, width)),
      ]);
    },
    end: () => status?.end(),
  };

  return {
    onEvent: (event) => {
      if (open) (showing[event.type] as ((event: RunEvent) => void) | undefined)?.(event);
    },
    note: (text) => {
      const line = oneLine(text);
      aside(line);
      if (open) status?.begin(line);
    },
    close: () => {
      status?.end();
      open = false;
    },
  };
}
