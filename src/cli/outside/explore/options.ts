import { InvalidArgumentError } from 'commander';
import type { Schedule } from '../../../model/exploration.ts';
import { faultProblem } from '../../../model/fault.ts';
import type { LabSpec } from '../../../model/spec.ts';
import { UsageError } from '../../../util/errors.ts';

const mostSeeds = 10_000;
const largestSeed = 0x7fff_ffff;

/** `1..100`, `7`, `3,5,8`. */
export function readSeeds(text: string): number[] {
  const seeds = text.split(',').flatMap((part) => {
    const [, from, to = from] = /^(\d+)(?:\.\.(\d+))?$/.exec(part.trim()) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (!(first <= last && last <= largestSeed && last - first < mostSeeds))
      throw new InvalidArgumentError(`Expected seeds such as 1..100 or 7, at most ${mostSeeds}.`);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return [...new Set(seeds)];
}

/** @throws {UsageError} where a fault makes no sense in this lab. */
export function fitting(schedule: Schedule, spec: LabSpec): Schedule {
  for (const { fault } of schedule.faults) {
    const problem = faultProblem(fault, spec);
    if (problem !== undefined)
      throw new UsageError(`this schedule is not for lab «${spec.name}»: ${problem}`);
  }
  return schedule;
}
