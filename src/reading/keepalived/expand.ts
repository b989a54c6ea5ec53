import { dirname, isAbsolute, join } from 'node:path';
import type { Files, Remark } from '../place.ts';
import { withoutComment } from './comments.ts';
import { Definitions, definitionIn, longestLine } from './definitions.ts';
import { type Line, lineOf, placeAt, slice, trimmed } from './line.ts';
import { repeatIn } from './repeats.ts';
import { splitAtBraces } from './words.ts';

export interface Options {
  files: Files;
  /** Of `keepalived -i`, else the host's name: what `@id` lines are held against. */
  configId?: string;
  /** The folder that stands for `/` on the host that the file is from. */
  root?: string;
}

const mostLines = 50_000;
const deepestInclude = 20;

/** The lines that keepalived reads from a file, after comments, conditions, definitions, repeats and includes; braces alone. */
export class Expander {
  readonly remarks: Remark[] = [];
  readonly read: string[] = [];
  readonly #definitions: Definitions;
  readonly #open: string[] = [];
  #lines = 0;
  constructor(readonly options: Options) {
    this.#definitions = new Definitions(options.configId);
  }

  *file(path: string, text: string): Generator<Line> {
    this.read.push(path);
    this.#open.push(path);
    yield* this.#each(this.#physical(path, text));
    this.#open.pop();
  }

  #remark(kind: Remark['kind'], line: Line, text: string, index = 0): void {
    this.remarks.push({ kind, place: placeAt(line, index), text });
  }

  *#physical(path: string, text: string): Generator<Line> {
    const rows = text.split('\n');
    if (rows.at(-1) === '') rows.pop();
    for (const [i, row] of rows.entries()) {
      const line = lineOf(row.replace(/\r+$/, ''), path, i + 1);
      for (let from = 0; from === 0 || from < line.text.length; from += longestLine) {
        if (from > 0)
          this.#remark(
            'changed',
            line,
            'longer than 1023 characters: keepalived reads the rest as another line',
            from,
          );
        yield slice(line, from, from + longestLine);
      }
    }
  }

  *#each(source: Generator<Line>): Generator<Line> {
    for (let next = source.next(); !next.done; next = source.next()) {
      const { line, goesOn, openQuote } = withoutComment(next.value);
      if (openQuote !== undefined)
        this.#remark(
          'syntax',
          line,
          'a quote opens here and is not closed in this line: keepalived 2.2.7 ends with a crash',
          openQuote,
        );
      if (line.text === '' && !goesOn) continue;
      const wanted = this.#condition(line);
      if (!wanted) continue;
      const definition = definitionIn(wanted);
      if (definition) this.#define(definition.name, slice(wanted, definition.from), goesOn, source);
      else yield* this.#line(wanted);
    }
  }

  /** Without its `@id`, or nothing where it is for another host. */
  #condition(line: Line): Line | undefined {
    const found = /^@(\^?)(\S+)(?:[ \t]+|$)/.exec(line.text);
    if (!found) return line;
    const [whole, not, id = ''] = found;
    const { configId } = this.options;
    if (configId === undefined)
      this.#remark(
        'depends',
        line,
        `is read ${not ? 'unless' : 'only if'} the configuration id is «${id}» (keepalived -i, else the host's name)`,
      );
    const rest = slice(line, whole.length);
    if ((id === configId) === (not === '^') || rest.text === '') return undefined;
    return this.#condition(rest);
  }

  #define(name: string, first: Line, goesOn: boolean, source: Generator<Line>): void {
    const lines = [trimmed(first)];
    while (goesOn) {
      const next = source.next();
      if (next.done) break;
      const bare = withoutComment(next.value);
      if (bare.line.text === '' && !bare.goesOn) break;
      lines.push(bare.line);
      goesOn = bare.goesOn;
    }
    const filled = lines.filter((line) => line.text !== '');
    this.#definitions.set(name, filled.length > 0 ? filled : lines.slice(0, 1));
  }

  *#line(raw: Line, depth = 0): Generator<Line> {
    if (this.#lines > mostLines || depth > 50) return;
    const wanted = this.#condition(raw);
    if (!wanted) return;
    const definition = definitionIn(wanted);
    if (definition) return this.#definitions.set(definition.name, [trimmed(slice(wanted, definition.from))]);
    if (/^~(SEQ|LST)/.test(wanted.text)) return yield* this.#repeat(wanted, depth);
    const { line, after, changed, endless } = this.#definitions.substitute(wanted);
    if (endless) {
      this.#remark('syntax', wanted, `«${endless}» leads to itself: keepalived never ends with it`);
      return;
    }
    const bare = changed ? withoutComment(line).line : line;
    if (changed && /^[@~$]/.test(bare.text) && bare.text !== wanted.text) yield* this.#line(bare, depth + 1);
    else yield* this.#final(bare, depth);
    for (const more of after) yield* this.#line(more, depth + 1);
  }

  *#repeat(line: Line, depth: number): Generator<Line> {
    const repeat = repeatIn(
      line,
      (text) => this.#definitions.substitute({ ...line, text, columns: [] }).line.text,
    );
    if (!repeat)
      return this.#remark('syntax', line, 'this ~SEQ or ~LST cannot be read: keepalived drops the line');
    for (const round of repeat.rounds) {
      for (const [name, value] of round) this.#definitions.set(name, [{ ...line, text: value, columns: [] }]);
      yield* this.#line(repeat.rest, depth + 1);
    }
  }

  *#final(line: Line, depth: number): Generator<Line> {
    const include = /^include([rmwba]?)\s+/.exec(line.text);
    if (include) return yield* this.#include(line, include[0].length);
    let first = true;
    for (const piece of splitAtBraces(line)) {
      const part = trimmed(piece);
      if (!first && /^[@~$]/.test(part.text) && part.text !== line.text) yield* this.#line(part, depth + 1);
      else yield this.#counted(part);
      first = false;
    }
  }

  #counted(line: Line): Line {
    if (this.#lines++ === mostLines)
      this.#remark('not read', line, `expands to more than ${mostLines} lines; the rest was not read`);
    return line;
  }

  *#include(line: Line, from: number): Generator<Line> {
    const named = line.text.slice(from).trim();
    const pattern = this.#located(named, line.file);
    const found = pattern === undefined ? [] : this.options.files.glob(pattern);
    if (found.length === 0) {
      const why =
        pattern === undefined
          ? 'outside the files that were given'
          : 'no such file among those that were given';
      this.#remark('not read', line, `«${named}» was not read: ${why}`, from);
    }
    for (const path of found) {
      const text = this.options.files.read(path);
      if (text === undefined) this.#remark('not read', line, `«${path}» cannot be read`, from);
      else if (this.#open.includes(path) || this.#open.length > deepestInclude)
        this.#remark('syntax', line, `«${named}» includes itself`, from);
      else yield* this.file(path, text);
    }
  }

  #located(named: string, from: string): string | undefined {
    if (!isAbsolute(named)) return join(dirname(from), named);
    return this.options.root === undefined ? undefined : join(this.options.root, named);
  }
}
