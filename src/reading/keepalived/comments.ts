import { type Line, slice, spliced, trimmed } from './line.ts';

export interface Bare {
  line: Line;
  /** It ends in a backslash: a definition goes on in the next line. */
  goesOn: boolean;
  /** Where a double quote opens that nothing closes. */
  openQuote?: number;
}

/**
 * Without comment and surrounding blanks. `!` and `#` begin a comment unless a backslash precedes them or they stand in double quotes;
 * single quotes protect nothing.
 */
export function withoutComment(raw: Line): Bare {
  let line = trimmed(raw);
  let quote = -1;
  let end = -1;
  let goesOn = false;
  for (let i = 0; i < line.text.length; i++) {
    const character = line.text[i];
    if (character === '"' && end < 0) quote = quote < 0 ? i : -1;
    else if (character === '\\') {
      const next = line.text[i + 1];
      if (next === undefined) {
        goesOn = true;
        if (end < 0) end = i;
      } else if (quote < 0 && (next === '#' || next === '!')) line = spliced(line, i, i + 1, '');
      else i++;
    } else if (quote < 0 && end < 0 && (character === '!' || character === '#')) end = i;
  }
  const bare = { line: trimmed(end < 0 ? line : slice(line, 0, end)), goesOn };
  return quote < 0 ? bare : { ...bare, openQuote: quote };
}
