import {
  appendFileSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import type { TrialRecord } from '../../model/comparison.ts';
import { trialSchema } from '../../model/schema/comparison.ts';
import { parseStored } from '../../model/stored/file.ts';

/** Finished trials, one JSON object a line; what a comparison goes on from after an interruption. */
export const journalFile = 'trials.ndjson';

/**
 * Opens the file of lines, without what a crash left of a last one.
 * @returns a function that appends; each trial is on the disk when it returns.
 */
export function openJournal(path: string): (trial: TrialRecord) => void {
  appendFileSync(path, '');
  const whole = readFileSync(path);
  truncateSync(path, whole.lastIndexOf(0x0a) + 1);
  return (trial) => {
    const fd = openSync(path, 'a');
    try {
      writeSync(fd, `${JSON.stringify(trial)}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  };
}

const expected = { hint: 'Remove this line, and the comparison measures the trial again.' };

/** In the order of the plan. Of a trial that was tried again, the last try; a line without its end is none. */
export function readJournal(path: string): TrialRecord[] {
  appendFileSync(path, '');
  const text = readFileSync(path, 'utf8');
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const trials = lines.flatMap((line, index) =>
    line === '' ? [] : parseStored(`${path}:${index + 1}`, line, trialSchema, expected),
  );
  return [...new Map(trials.map((trial) => [trial.order, trial])).values()].sort((a, b) => a.order - b.order);
}

/** It needs no other try: it has figures, or had its second chance. */
export const isFinished = ({ inconclusive, again }: TrialRecord): boolean =>
  inconclusive === undefined || again !== undefined;
