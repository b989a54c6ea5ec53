import type { Place } from '../place.ts';

/** A line as keepalived sees it, and the column in the file from which each of its characters came. */
export interface Line {
  text: string;
  file: string;
  line: number;
  columns: readonly number[];
}

export function lineOf(text: string, file: string, line: number): Line {
  return { text, file, line, columns: Array.from(text, (_, i) => i + 1) };
}

export const placeAt = ({ file, line, columns }: Line, index: number): Place => ({
  file,
  line,
  column: columns[Math.min(index, columns.length - 1)] ?? 1,
});

export const slice = (of: Line, from: number, to = of.text.length): Line =>
  from === 0 && to >= of.text.length
    ? of
    : { ...of, text: of.text.slice(from, to), columns: of.columns.slice(from, to) };

/** With other text from `from` to `to`, which comes from the place where it is used. */
export function spliced(of: Line, from: number, to: number, text: string): Line {
  const column = of.columns[from] ?? 1;
  return {
    ...of,
    text: of.text.slice(0, from) + text + of.text.slice(to),
    columns: [...of.columns.slice(0, from), ...Array.from(text, () => column), ...of.columns.slice(to)],
  };
}

export function trimmed(of: Line): Line {
  const from = of.text.search(/[^ \t]/);
  if (from < 0) return slice(of, of.text.length);
  let to = of.text.length;
  while (of.text[to - 1] === ' ' || of.text[to - 1] === '\t') to--;
  return slice(of, from, to);
}
