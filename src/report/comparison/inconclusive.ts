import type { ComparisonRecord, TrialRecord } from '../../model/comparison.ts';

/** By what the instrument's health says. */
const remedies: [RegExp, string][] = [
  [
    /machine beneath/,
    'Other guests took CPU time: compare again when the host is quieter, or on a machine of your own.',
  ],
  [/local port/, 'Ports ran out: ask for a lower rate, or let more clients or source addresses share it.'],
  [
    /sent late|in time|prober took/,
    'The generator could not keep its schedule: give the machine more CPUs or less other work, or ask for a lower rate.',
  ],
];

export const whatToDo = (reason: string): string =>
  remedies.find(([pattern]) => pattern.test(reason))?.[1] ??
  'Compare again with the same seed: the order of the blocks stays the same.';

export interface Inconclusive {
  /** What to do about all of them. */
  remedy: string;
  trials: { place: string; reason: string }[];
}

/** Trials without figures by what to do about them, those of most trials first. */
export function inconclusiveOf({ trials }: ComparisonRecord): Inconclusive[] {
  const groups = new Map<string, Inconclusive['trials']>();
  for (const trial of trials) {
    const { inconclusive: reason } = trial;
    if (reason === undefined) continue;
    const remedy = whatToDo(reason);
    groups.set(remedy, [
      ...(groups.get(remedy) ?? []),
      {
        place: placeOf(trial),
        reason: trial.again === undefined ? reason : `${reason} (on the second try, too)`,
      },
    ]);
  }
  return [...groups]
    .map(([remedy, own]) => ({ remedy, trials: own }))
    .sort((a, b) => b.trials.length - a.trials.length);
}

export const placeOf = ({ workload, variant, block, control }: TrialRecord): string =>
  `${workload}: ${variant}${control ? ' (A/A)' : ''}, block ${block + 1}`;
