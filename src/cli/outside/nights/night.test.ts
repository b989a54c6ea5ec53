import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendRun, openHistory } from '../../../history/store.ts';
import { aNight, noisy } from '../../../history/testing/nights.ts';
import type { RunRecord } from '../../../model/record.ts';
import { readRecord } from '../../../model/stored/record.ts';
import { writeReports } from '../../../report/index.ts';
import { randomFrom } from '../../../statistics/random.ts';
import { LabUnavailable } from '../../../util/errors.ts';
import type { Measured } from '../measure.ts';
import { endNight } from './night.ts';
import { type NightOptions, openNight } from './options.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'drlab-nights-'));
});
afterEach(() => rm(dir, { recursive: true }));

const history = (): string => join(dir, 'history');
const random = randomFrom(3);
const values = (slower = 1): number[] =>
  noisy(random, 6, 0.03).map((value, i) => (i === 2 ? value * slower : value));
const gated: NightOptions = { baseline: 'median:7', failOn: 'regression' };

interface Ended {
  record: RunRecord;
  /** As written. */
  file: (name: string) => Promise<string>;
  told: string[];
}

/** @param second what runs when a confirming run is asked for */
async function night(
  n: number,
  first: RunRecord,
  { second, ...options }: NightOptions & { second?: () => RunRecord } = {},
): Promise<Ended> {
  const opened = await openNight({ history: history(), ...options });
  if (!opened) throw new Error('no night');
  const out = join(dir, `night-${n}`);
  const told: string[] = [];
  const measured = async (record: RunRecord, folder: string): Promise<Measured> => ({
    record,
    paths: await writeReports(record, folder),
  });
  await endNight({
    night: opened,
    measured: await measured(first, out),
    again: async (folder) => {
      if (!second) throw new Error('a second run was asked for');
      return measured(second(), folder);
    },
    tell: (text) => told.push(text),
  });
  return {
    record: await readRecord(out),
    file: (name) => readFile(join(out, name), 'utf8'),
    told,
  };
}

async function earlier(count: number): Promise<void> {
  await openNight({ history: history() });
  for (let n = 0; n < count; n++) await appendRun(history(), aNight(n, values()));
}
const kept = async (): Promise<string[]> => (await openHistory(history())).runs.map(({ id }) => id);

describe('a night', () => {
  it('without a baseline is kept, and judged by nothing', async () => {
    const { record, told } = await night(0, aNight(0, values()));
    expect(record.gate).toBeUndefined();
    expect([await kept(), told]).toEqual([['night-0000'], []]);
  });

  it('is not enough history at first, and that fails nothing', async () => {
    const { record, told } = await night(0, aNight(0, values(9)), gated);
    expect(record).toMatchObject({
      exitCode: 0,
      gate: { verdict: 'not enough history', failOn: 'regression' },
    });
    expect(told).toEqual([expect.stringContaining('0 of the 7 runs needed')]);
  });

  it('where nothing changed is no regression, ten times out of ten', async () => {
    await earlier(10);
    for (let n = 10; n < 20; n++) {
      const { record } = await night(n, aNight(n, values()), {
        ...gated,
        second: () => aNight(900 + n, values()),
      });
      expect(record.exitCode).toBe(0);
      expect(record.gate?.confirmed).toBe(false);
    }
  });

  it('that is slower is a regression ten times out of ten, once a second run shows it', async () => {
    await earlier(10);
    for (let n = 10; n < 20; n++) {
      const slow = (): RunRecord => aNight(n, values(1.6), { id: `again-${n}` });
      const { record, told } = await night(n, aNight(n, values(1.6)), {
        ...gated,
        baseline: 'night-0003',
        second: slow,
      });
      expect(record).toMatchObject({ exitCode: 1, gate: { verdict: 'regression', confirmed: true } });
      expect(record.gate?.figures[0]).toMatchObject({ check: 'LAT-3', outcome: 'regression' });
      expect(told).toEqual([
        expect.stringContaining('seen once: LAT-3 p50'),
        'running the same again: a regression needs two runs that show it',
      ]);
    }
  });
});

describe('a suspicion', () => {
  beforeEach(() => earlier(10));
  const slow = (): RunRecord => aNight(10, values(2));
  const again = (over: Partial<RunRecord> = {}, slower = 2): RunRecord =>
    aNight(10, values(slower), { id: 'again', ...over });

  it('that is confirmed is in every report, and in the history', async () => {
    const { record, file } = await night(10, slow(), { ...gated, second: again });
    expect(record.gate).toMatchObject({ confirming: { run: 'again', folder: 'confirming' } });
    expect(await file('summary.md')).toMatch(/^## Regression\n.*LAT-3 p50/s);
    expect(await file('junit.xml')).toMatch(/<failure [^>]*regression/i);
    expect(await file('report.html')).toContain('<h1>Regression</h1>');
    expect(await readRecord(join(dir, 'night-10', 'confirming'))).toMatchObject({ confirms: 'night-0010' });
    const runs = (await openHistory(history())).runs;
    expect(runs.slice(-2)).toMatchObject([
      { id: 'again', confirms: 'night-0010', exitCode: 0 },
      { id: 'night-0010', exitCode: 1 },
    ]);
  });

  it('without --fail-on only tells', async () => {
    const { record, file } = await night(10, slow(), { baseline: 'median:7', second: again });
    expect(record).toMatchObject({ exitCode: 0, gate: { confirmed: true } });
    expect(await file('junit.xml')).not.toContain('<failure');
    expect(await file('summary.md')).toMatch(/^## .*in two runs: LAT-3 p50/s);
  });

  it('that the second run does not show is let go', async () => {
    const { record } = await night(10, slow(), { ...gated, second: () => again({}, 1) });
    expect(record).toMatchObject({ exitCode: 0, gate: { verdict: 'no change', confirmed: false } });
    expect(record.gate?.figures[0]).toMatchObject({ check: 'LAT-3', outcome: 'not confirmed' });
  });

  it('stays one where the second run ends early or has no lab; that is no success', async () => {
    const stopped = await night(10, slow(), { ...gated, second: () => again({ exitCode: 130 }) });
    expect(stopped.record).toMatchObject({
      exitCode: 130,
      gate: { confirmed: false, needsConfirming: true },
    });
    expect(await kept()).not.toContain('again');
    const lost = await night(11, aNight(11, values(2)), {
      ...gated,
      second: () => {
        throw new LabUnavailable('no sandbox here');
      },
    });
    expect(lost.record).toMatchObject({ exitCode: 2, gate: { needsConfirming: true } });
    expect(lost.record.faults).toEqual([{ message: 'the run could not be confirmed: no sandbox here' }]);
  });

  it('a check that fails in the second run has failed', async () => {
    const failed = again({ exitCode: 1 }, 1);
    Object.assign(failed.results[0] ?? {}, { verdict: 'fail', level: 'must' });
    const { record } = await night(10, slow(), { ...gated, second: () => failed });
    expect(record.exitCode).toBe(1);
    expect(record.faults[0]?.message).toMatch(/^the confirming run again: Not conformant: .*LAT-1/);
  });
});

it('a run that was ended early is no night', async () => {
  const { record, told } = await night(0, aNight(0, values(), { exitCode: 130 }), gated);
  expect(record.gate).toBeUndefined();
  expect([await kept(), told]).toEqual([[], [expect.stringMatching(/^not kept in .*Interrupted/)]]);
});
