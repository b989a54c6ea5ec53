import { didYouMean } from '../../model/labfile/nearest.ts';
import type { Place, Remark } from '../place.ts';
import { contextsOf, type Keyword, keywordsOf, within } from './keyword.ts';
import { type Line, placeAt } from './line.ts';
import { type Word, wordsOf } from './words.ts';

/** One statement: the keyword, its words, and what is in its block. */
export interface Statement {
  keyword: Keyword;
  place: Place;
  /** Without the keyword. */
  args: Word[];
  /** As written, for scripts. */
  text: string;
  block: Statement[];
  lines: Word[][];
}

/** Statements from lines in the way in which keepalived goes through them, so that a wrong brace does here what it does there. */
export class Tree {
  readonly remarks: Remark[] = [];
  readonly #lines: Iterator<Line>;
  constructor(lines: Iterable<Line>) {
    this.#lines = lines[Symbol.iterator]();
  }

  statements(): Statement[] {
    return this.#block('', undefined);
  }

  #say(kind: Remark['kind'], line: Line, text: string): void {
    this.remarks.push({ kind, place: placeAt(line, 0), text });
  }

  #next(): Line | undefined {
    const next = this.#lines.next();
    return next.done ? undefined : next.value;
  }

  /** A block whose head is `from`; undefined for the file itself. */
  #block(context: string, from: Line | undefined): Statement[] {
    const found: Statement[] = [];
    let opened = from === undefined;
    let last: Line | undefined = from;
    for (let line = this.#next(); line; line = this.#next()) {
      last = line;
      if (line.text === '{') {
        if (opened) this.#say('ignored', line, `«{» opens no block here: ${stray(context)}`);
        opened = true;
        continue;
      }
      if (!opened) this.#say('syntax', line, '«{» is missing before this line');
      opened = true;
      if (line.text === '}' && from) return found;
      if (line.text === '}') this.#say('syntax', line, 'one «}» too many');
      else this.#statement(line, context, found);
    }
    if (from)
      this.#say(
        'syntax',
        from,
        `the block that begins here is not closed before the file ends${last === from ? '' : ` in line ${last?.line}`}`,
      );
    return found;
  }

  #statement(line: Line, context: string, into: Statement[]): void {
    const [head, ...args] = wordsOf(line);
    if (!head) return;
    const keyword = keywordsOf(context).get(head.text);
    if (!keyword) {
      this.#say('unknown', line, unknown(head.text, context));
      return;
    }
    const statement: Statement = { keyword, place: head.place, args, text: line.text, block: [], lines: [] };
    into.push(statement);
    if (keyword.block === 'keywords') statement.block = this.#block(within(keyword), line);
    if (keyword.block === 'lines') statement.lines = this.#valueLines(line);
  }

  #valueLines(from: Line): Word[][] {
    const found: Word[][] = [];
    let opened = false;
    for (let line = this.#next(); line; line = this.#next()) {
      if (line.text === '{' && !opened) {
        opened = true;
        continue;
      }
      if (line.text === '}') return found;
      if (!opened) this.#say('syntax', line, '«{» is missing before this line');
      opened = true;
      found.push(wordsOf(line));
    }
    this.#say('syntax', from, 'the block that begins here is not closed before the file ends');
    return found;
  }
}

function stray(context: string): string {
  if (context === '') return 'what follows is read as if it stood outside';
  return `what follows is read as part of ${context}, and the next «}» ends ${context}`;
}

function unknown(word: string, context: string): string {
  const here = context === '' ? 'outside any block' : `in ${context}`;
  const elsewhere = contextsOf(word).filter((one) => one !== context);
  if (elsewhere.length > 0)
    return `«${word}» is no keyword ${here}, so keepalived ignores it; it belongs in ${belongs(elsewhere)}.`;
  return `«${word}» is no keyword of keepalived 2.2.7 ${here}, so it is ignored.${didYouMean(word, keywordsOf(context).keys())}`;
}

const belongs = (contexts: string[]): string => {
  const shown = contexts.slice(0, 3).map((one) => one || 'the outermost level');
  return contexts.length > 3 ? `${shown.join(', ')} and others` : shown.join(' or ');
};
