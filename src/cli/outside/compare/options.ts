import { InvalidArgumentError } from 'commander';
import { workloads } from '../../../../suites/workloads/index.ts';
import { kindsThat } from '../../../model/director-kinds.ts';
import { schedulers } from '../../../model/labfile/index.ts';
import type { DirectorKind } from '../../../model/spec.ts';
import { type Forwarding, forwardings } from '../../../run/compare/variants.ts';

/** Reading what the command line says; each throws what commander shows with the name of the option. */

const words = (text: string): string[] =>
  [...new Set(text.split(',').map((word) => word.trim()))].filter(Boolean);

function known<T extends string>(text: string, all: readonly T[], what: string): T[] {
  if (text === 'all') return [...all];
  return words(text).map((word) => {
    const found = all.find((one) => one === word);
    if (found === undefined)
      throw new InvalidArgumentError(
        `«${word}» is not a ${what}; expected one or more of ${all.join(', ')}, or all.`,
      );
    return found;
  });
}

export const readSchedulers = (text: string): string[] => known(text, schedulers, 'scheduler');

export const readForwardings = (text: string): Forwarding[] => known(text, forwardings, 'forwarding method');

export const comparedDirectors = kindsThat(({ compared }) => compared);

export const readDirectors = (text: string): DirectorKind[] => known(text, comparedDirectors, 'director');

export const readKernels = (text: string): string[] => words(text);

export const readWorkloads = (text: string): string[] =>
  known(
    text,
    workloads.map(({ id }) => id),
    'workload',
  );

/** `90s`, `8m` or `1h`, in ms. */
export function readTime(text: string): number {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
  const ms = Number(found?.[1]) * unit[(found?.[2] ?? 's') as keyof typeof unit];
  if (!(ms > 0)) throw new InvalidArgumentError('Expected a time such as 90s, 8m or 1h.');
  return ms;
}

export const wholeFrom =
  (least: number, most: number) =>
  (text: string): number => {
    const n = Number(text);
    if (Number.isInteger(n) && n >= least && n <= most) return n;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
