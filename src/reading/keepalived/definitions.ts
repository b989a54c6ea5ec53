import { dirname } from 'node:path';
import { type Line, slice, spliced, trimmed } from './line.ts';

/** keepalived's own limit of a line, in bytes; what is longer it cuts in two. */
export const longestLine = 1023;
const mostUses = 1000;

/** `$NAME=VALUE` and its many lines; a value is looked up when it is used. */
export class Definitions {
  readonly #known = new Map<string, Line[]>();
  constructor(readonly configId: string | undefined) {}

  set(name: string, lines: Line[]): void {
    this.#known.set(name, lines);
  }

  /** What is to be read instead of the line: with more lines after it where a definition has several. */
  substitute(line: Line): { line: Line; after: Line[]; changed: boolean; endless?: string } {
    let now = line;
    let after: Line[] = [];
    let changed = false;
    let from = 0;
    for (let uses = 0; ; uses++) {
      const use = /\$(?:\{([A-Za-z_]\w*)(?: [^}]*)?\}|([A-Za-z_]\w*)(?=\s|$))/.exec(now.text.slice(from));
      if (!use) return { line: now, after, changed };
      if (uses > mostUses) return { line: slice(now, 0, 0), after: [], changed, endless: use[0] };
      const at = from + use.index;
      const value = this.#valueOf(use[1] ?? use[2] ?? '', line);
      if (value === undefined || now.text.length > longestLine) from = at + 1;
      else {
        const [first, ...more] = value;
        now = spliced(now, at, at + use[0].length, first?.text ?? '');
        after = [...more, ...after];
        changed = true;
        from = at;
        if (first && trimmed(first).text.startsWith('~')) return { line: now, after, changed };
      }
    }
  }

  #valueOf(name: string, use: Line): Line[] | undefined {
    const known = this.#known.get(name);
    if (known) return known;
    const text = this.#standard(name, use);
    return text === undefined ? undefined : [{ ...use, text, columns: [] }];
  }

  #standard(name: string, use: Line): string | undefined {
    if (name === '_PWD') return dirname(use.file);
    if (name === '_INSTANCE') return this.configId;
    if (name === '_RANDOM') return '0';
    return undefined;
  }
}

/** `$NAME=` at the beginning of a line. */
export function definitionIn(line: Line): { name: string; from: number } | undefined {
  const found = /^\$([A-Za-z_]\w*)[ \t]*=[ \t]*/.exec(line.text);
  return found ? { name: found[1] ?? '', from: found[0].length } : undefined;
}
