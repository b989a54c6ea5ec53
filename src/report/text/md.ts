import { oneLine, plain } from './safe.ts';

/** GitHub-flavoured Markdown in which nothing from outside can act as markup. */

/** Running text on one line. */
export function text(from: string): string {
  return oneLine(from)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]#|~!@]/g, (mark) => (mark === '@' ? '&#64;' : `\\${mark}`))
    .replace(/:\/\//g, '&#58;//');
}

/** A code span, longer fences where the text holds backticks; fit for a table's cell. */
export function code(from: string): string {
  const line = oneLine(from).replaceAll('|', '\\|');
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

export function block(from: string, language: string): string {
  const body = plain(from).replace(/\n+$/, '');
  const fence = '`'.repeat(Math.max(3, longestRun(body) + 1));
  return `${fence}${language}\n${body}\n${fence}`;
}

/** Cells must be Markdown already. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const longestRun = (from: string): number =>
  Math.max(0, ...(from.match(/`+/g) ?? []).map((run) => run.length));
