import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isFinished, journalFile, openJournal, readJournal } from './journal.ts';
import { trialOf } from './testing/synthetic.ts';

let path = '';
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'drlab-journal-')), journalFile);
});
afterEach(() => rmSync(join(path, '..'), { recursive: true }));

const trial = (order: number, value?: number) =>
  trialOf({
    workload: 'uniform',
    variant: 'rr',
    control: false,
    block: 0,
    order,
    ...(value !== undefined && { value }),
  });

it('keeps finished trials through a crash in the middle of a line, and goes on after it', () => {
  const keep = openJournal(path);
  keep(trial(0, 10));
  keep(trial(1, 11));
  appendFileSync(path, JSON.stringify(trial(2, 12)).slice(0, 40));
  expect(readJournal(path).map(({ order }) => order)).toEqual([0, 1]);
  openJournal(path)(trial(2, 13));
  expect(readJournal(path)).toEqual([trial(0, 10), trial(1, 11), trial(2, 13)]);
  expect(readFileSync(path, 'utf8').split('\n').length).toBe(4);
});

it('is empty where nothing was measured yet', () => {
  expect(readJournal(path)).toEqual([]);
});

it('has the second try of a trial in place of the first, and does not ask for a third', () => {
  const keep = openJournal(path);
  keep(trial(0));
  expect(readJournal(path).filter(isFinished)).toEqual([]);
  keep({ ...trial(0), again: 'probes were sent late' });
  expect(readJournal(path).filter(isFinished).length).toBe(1);
});

it('tells the line that is no trial', () => {
  openJournal(path)(trial(0, 10));
  appendFileSync(path, '{"order":1}\n');
  expect(() => readJournal(path)).toThrow(`${path}:2: workload: Invalid input`);
});
