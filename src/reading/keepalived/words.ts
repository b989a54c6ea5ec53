import type { Place } from '../place.ts';
import { type Line, placeAt, slice } from './line.ts';

export interface Word {
  text: string;
  place: Place;
}

/** What is in double quotes is one word, which blanks need not separate from others. An open quote takes the rest. */
export function wordsOf(line: Line): Word[] {
  const words: Word[] = [];
  for (const match of line.text.matchAll(/"([^"]*)"?|[^\s"]+/g))
    words.push({ text: match[1] ?? match[0], place: placeAt(line, match.index) });
  return words;
}

/** Braces stand alone, wherever in a line they are written, unless in double quotes. */
export function* splitAtBraces(line: Line): Generator<Line> {
  let from = 0;
  for (const { 0: found, index } of line.text.matchAll(/"[^"]*"?|[{}]/g)) {
    if (found !== '{' && found !== '}') continue;
    if (line.text.slice(from, index).trim() !== '') yield slice(line, from, index);
    yield slice(line, index, index + 1);
    from = index + 1;
  }
  if (line.text.slice(from).trim() !== '') yield slice(line, from);
}
