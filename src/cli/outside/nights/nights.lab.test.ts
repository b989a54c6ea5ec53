import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appendRun, openHistory } from '../../../history/store.ts';
import type { RunRecord } from '../../../model/record.ts';
import { readRecord } from '../../../model/stored/record.ts';
import { recordVersion } from '../../../model/versions.ts';
import { drlab, type Ended, TestFolder } from '../../testing/drlab.ts';

/** Two nights: the first has no history; the second comes after nights that were a thousand times as fast. */

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

const dayMs = 86_400_000;
const faster = 'download through the VIP';
const history = (): string => folder.at('history');
const night = (name: string): Promise<Ended> => {
  const gate = ['--history', history(), '--baseline', 'median:5', '--fail-on', 'regression'];
  return drlab(['run', 'PERF-02', '--lab', 'nftables', ...gate, '--out', folder.at(name)]);
};

/** What the lab measured, so many days ago, one figure a thousand times as good and the others all over the place. */
function earlier(record: RunRecord, days: number): RunRecord {
  const startedAt = new Date(Date.parse(record.startedAt) - days * dayMs).toISOString();
  const { gate, ...rest } = structuredClone(record);
  const wild = days % 2 === 0 ? 0.01 : 100;
  return {
    ...rest,
    version: recordVersion,
    id: `${days}-days-ago`,
    startedAt,
    results: rest.results.map((result) => ({
      ...result,
      figures: result.figures.map((figure) => ({
        ...figure,
        value: figure.value * (figure.name === faster ? 1000 + days : wild),
      })),
    })),
  };
}

it('a night without history says so and succeeds; a slow one after it is run twice, named, and fails', async () => {
  const first = await night('first');
  const measured = await readRecord(folder.at('first'));
  expect([first.code, first.stderr, measured.gate?.verdict]).toEqual([0, '', 'not enough history']);
  expect(first.stdout).toContain('Not enough history. 0 of the 5 runs needed');
  for (const days of [5, 4, 3, 2, 1]) await appendRun(history(), earlier(measured, days));

  const second = await night('second');
  const { gate, exitCode, faults } = await readRecord(folder.at('second'));
  expect([second.code, exitCode, second.stderr, faults]).toEqual([1, 1, '', []]);
  expect(gate).toMatchObject({
    verdict: 'regression',
    confirmed: true,
    figures: [{ check: 'PERF-02', name: faster, outcome: 'regression' }, {}, {}, {}],
  });
  expect(second.stdout).toMatch(
    /running the same again.*✗ PERF-02 download through the VIP: regression.*Regression: /s,
  );
  const report = (name: string): string => readFileSync(folder.at('second', name), 'utf8');
  expect(report('summary.md')).toMatch(
    /^## Regression\n.*✗ regression \| `PERF-02` download through the VIP/s,
  );
  expect(report('junit.xml')).toMatch(/<failure type="regression"/);
  expect(report('trend.html')).toContain('<h1>Regression</h1>');
  const confirming = await readRecord(folder.at('second', 'confirming'));
  const { runs } = await openHistory(history());
  expect(runs.at(-1)).toMatchObject({ id: confirming.id, confirms: runs.at(-2)?.id });

  const drawn = report('report.html');
  const again = await drlab(['report', folder.at('second'), '--history', history()]);
  expect([again.code, again.stderr]).toEqual([1, '']);
  expect(report('report.html')).toBe(drawn);

  const trend = await drlab(['trend', history()]);
  expect([trend.code, trend.stderr]).toEqual([0, '']);
  expect(trend.stdout).toMatch(/PERF-02 +download through the VIP.*Regression\. /s);
});
