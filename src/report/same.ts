import type { RunRecord } from '../model/record.ts';

/** Two runs in virtual time with the same seed give the same record, but for what is listed here. */

/** What tells one run from another and says nothing about the lab: each with the reason why it may differ. */
export const mayDiffer: Record<string, string> = {
  id: 'names the run',
  commandLine: 'names its folder',
  startedAt: 'the clock of the machine',
  finishedAt: 'the clock of the machine',
  durationMs: 'the clock of the machine',
  'drlab.commit': 'names the sources; whether another commit does the same is what one asks',
};

export interface Difference {
  /** Such as `results[HA-01].figures[0].value`. */
  path: string;
  first: unknown;
  second: unknown;
}

/** Where two records differ that should not, in the order of the first. Empty: the same run. */
export function differences(first: RunRecord, second: RunRecord): Difference[] {
  return compare('', first, second).filter(({ path }) => !(path in mayDiffer));
}

function compare(path: string, first: unknown, second: unknown): Difference[] {
  if (Object.is(first, second)) return [];
  if (Array.isArray(first) && Array.isArray(second)) {
    const length = Math.max(first.length, second.length);
    return Array.from({ length }, (_, i) =>
      compare(`${path}[${labelOf(first[i] ?? second[i]) ?? i}]`, first[i], second[i]),
    ).flat();
  }
  if (isObject(first) && isObject(second)) {
    const keys = [...new Set([...Object.keys(first), ...Object.keys(second)])];
    return keys.flatMap((key) => compare(path === '' ? key : `${path}.${key}`, first[key], second[key]));
  }
  return [{ path, first, second }];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What people call an element by, where it has a name. */
function labelOf(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const name = value.id ?? value.host ?? value.name;
  return typeof name === 'string' ? name : undefined;
}
