import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import type { PlannedFault, ReplayFile, Schedule } from '../../../model/exploration.ts';
import { faultProblem } from '../../../model/fault.ts';
import type { LabSpec } from '../../../model/spec.ts';
import { messageOf, UsageError } from '../../../util/errors.ts';

const mostSeeds = 10_000;
const largestSeed = 0x7fff_ffff;

/** `1..100`, `7`, `3,5,8`. */
export function readSeeds(text: string): number[] {
  const seeds = text.split(',').flatMap((part) => {
    const [, from, to = from] = /^(\d+)(?:\.\.(\d+))?$/.exec(part.trim()) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (!(first <= last && last <= largestSeed && last - first < mostSeeds))
      throw new InvalidArgumentError(`Expected seeds such as 1..100 or 7, not more than ${mostSeeds}.`);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return [...new Set(seeds)];
}

/** @throws {UsageError} where the file is none that an exploration wrote. */
export async function readReplay(path: string): Promise<ReplayFile> {
  const hint = 'a file such as seed-17-one-owner.json, from the folder of an exploration';
  try {
    const file = JSON.parse(await readFile(path, 'utf8')) as Partial<ReplayFile>;
    const faults = file.schedule?.faults;
    if (!Array.isArray(faults) || !Number.isSafeInteger(file.schedule?.seed) || !faults.every(isPlanned))
      throw new Error('it has no schedule of faults');
    return file as ReplayFile;
  } catch (cause) {
    throw new UsageError(`cannot replay ${path}: ${messageOf(cause)}`, { hint, cause });
  }
}

const isPlanned = ({ fault, beginMs, durationMs }: Partial<PlannedFault>): boolean =>
  typeof fault?.kind === 'string' && Number(beginMs) >= 0 && Number(durationMs) > 0;

/** @throws {UsageError} where a fault makes no sense in this lab. */
export function fitting(schedule: Schedule, spec: LabSpec): Schedule {
  for (const { fault } of schedule.faults) {
    const problem = faultProblem(fault, spec);
    if (problem !== undefined)
      throw new UsageError(`this schedule is not for lab «${spec.name}»: ${problem}`);
  }
  return schedule;
}
