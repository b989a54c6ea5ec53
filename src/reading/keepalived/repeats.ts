import { type Line, slice } from './line.ts';

/** One round of a `~SEQ` or `~LST`: names and their values. */
export type Round = [name: string, value: string][];

export interface Repeat {
  rounds: Round[];
  /** The rest of the line, read once a round. */
  rest: Line;
}

const longestSequence = 100_000;

/** `~SEQ(var, start, step, end) …` or `~LST(var, a, b) …`; undefined where it is neither. `resolve` gives the values of definitions. */
export function repeatIn(line: Line, resolve: (text: string) => string): Repeat | undefined {
  return line.text.startsWith('~SEQ') ? sequence(line, resolve) : list(line);
}

function sequence(line: Line, resolve: (text: string) => string): Repeat | undefined {
  const found = /^~SEQ(x?)\s*\(\s*([^\s,)]+)\s*,([^)]*)\)\s*/.exec(line.text);
  if (!found) return undefined;
  const [whole, hex, name = '', inner = ''] = found;
  const numbers = resolve(inner)
    .split(',')
    .map((one) => Number(one.trim()));
  if (numbers.some((one) => !Number.isInteger(one))) return undefined;
  const [one = 0, two, three] = numbers;
  const end = three ?? two ?? one;
  const start = two === undefined ? (one < 0 ? -1 : 1) : one;
  const step = three === undefined ? (start <= end ? 1 : -1) : (two ?? 1);
  if (step === 0 || (start < end && step < 0) || (start > end && step > 0)) return undefined;
  const rounds: Round[] = [];
  for (let value = start; step > 0 ? value <= end : value >= end; value += step) {
    rounds.push([[name, hex ? value.toString(16) : String(value)]]);
    if (rounds.length > longestSequence) break;
  }
  return { rounds, rest: slice(line, whole.length) };
}

function list(line: Line): Repeat | undefined {
  const end = line.text.indexOf(')');
  const open = /^~LST\s*\(/.exec(line.text);
  if (!open || end < 0) return undefined;
  const inner = line.text.slice(open[0].length, end);
  const [names, ...values] = Array.from(inner.matchAll(/\{([^}]*)\}|[^,{}]+/g), (match) =>
    match[1] === undefined ? [match[0].trim()] : match[1].split(',').map((one) => one.trim()),
  ).filter((group) => group.length > 1 || group[0] !== '');
  if (!names || values.length === 0) return undefined;
  const rounds = values.map((group): Round => names.map((name, i) => [name, group[i] ?? '']));
  const rest = slice(line, end + 1);
  return { rounds, rest: slice(rest, rest.text.length - rest.text.trimStart().length) };
}
