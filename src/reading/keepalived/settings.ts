import type { Setting } from '../place.ts';
import type { Statement } from './tree.ts';
import type { Word } from './words.ts';

/** What the statements of one block set. A keyword that is given twice counts as given last. */
export class Settings {
  constructor(readonly statements: readonly Statement[]) {}

  last(...names: string[]): Statement | undefined {
    return this.statements.findLast((one) => names.includes(one.keyword.name));
  }

  all(name: string): Statement[] {
    return this.statements.filter((one) => one.keyword.name === name);
  }

  /** The lines of a block of lines, wherever it is given. */
  lines(name: string): Word[][] {
    return this.all(name).flatMap((one) => one.lines);
  }

  text(name: string, ...others: string[]): Setting<string> | undefined {
    const found = this.last(name, ...others);
    const [word] = found?.args ?? [];
    return word && { value: word.text, place: word.place };
  }

  /** The number that keepalived takes: the last that lies in the range, as it would take it from `10s`. */
  number(
    names: string | string[],
    usual: number,
    [least, most]: [number, number],
    strict = false,
  ): Setting<number> {
    const found = this.statements
      .filter((one) => [names].flat().includes(one.keyword.name))
      .flatMap(({ args: [word] }) => {
        const value = word && numberIn(word.text, strict);
        return value !== undefined && value >= least && value <= most ? [{ value, place: word?.place }] : [];
      })
      .at(-1);
    return found?.place ? { value: found.value, place: found.place } : { value: usual };
  }

  /** Seconds with a fraction. */
  seconds(
    name: string,
    usual: number,
    [least, most]: [number, number] = [0, Number.POSITIVE_INFINITY],
  ): Setting<number> {
    const found = this.all(name).flatMap(({ args: [word] }) => {
      const value = word && secondsIn(word.text);
      return value !== undefined && value >= least && value <= most ? [{ value, place: word?.place }] : [];
    });
    const last = found.at(-1);
    return last?.place ? { value: last.value, place: last.place } : { value: usual };
  }

  /** `on` without an argument. */
  flag(name: string, usual = false): Setting<boolean> {
    const found = this.all(name).findLast(({ args: [word] }) => !word || booleans.has(word.text));
    if (!found) return { value: usual };
    return { value: booleans.get(found.args[0]?.text ?? 'on') ?? true, place: found.place };
  }
}

export const booleans = new Map([
  ['on', true],
  ['true', true],
  ['yes', true],
  ['off', false],
  ['false', false],
  ['no', false],
]);

function numberIn(text: string, strict: boolean): number | undefined {
  const found = /^([+-]?\d+)(.*)$/.exec(text);
  return found && (found[2] === '' || !strict) ? Number(found[1]) : undefined;
}

/** keepalived appends the missing digits of a microsecond to the text, so a unit makes microseconds of seconds. */
export function secondsIn(text: string): number | undefined {
  const found = /^(\d*)(?:\.(\d*))?(.*)$/.exec(text);
  if (!found || (text.startsWith('.') === false && found[1] === '')) return undefined;
  const [, whole = '', fraction = '', rest = ''] = found;
  if (rest === '') return Number(`${whole || 0}.${fraction || 0}`);
  return Number(`${whole}${fraction}` || 0) / 1e6;
}
