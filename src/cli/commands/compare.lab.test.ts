import { readFileSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComparisonRecord } from '../../model/comparison.ts';
import { drlab, type Ended, TestFolder } from '../testing/drlab.ts';

/** A tiny comparison through the command line; what its figures are is up to the machine, so nobody asks here. */

let folder: TestFolder;
let ended: Ended;
beforeAll(async () => {
  folder = await TestFolder.create();
  const what = ['--schedulers', 'rr,lc', '--workload', 'slow-server', '--sandbox', 'uml', '--lab', 'default'];
  const size = ['--blocks', '1', '--trial', '1s', '--seed', '7'];
  ended = await drlab(['compare', ...what, ...size, '--out', folder.at('c')]);
});
afterAll(() => folder[Symbol.asyncDispose]());

const recordOf = async (): Promise<ComparisonRecord> =>
  JSON.parse(await readFile(folder.at('c', 'comparison.json'), 'utf8')) as ComparisonRecord;

describe('two schedulers in one block', () => {
  it('is too little to judge, which is said before and after, and by the exit code', () => {
    expect(ended).toMatchObject({ code: 2, stderr: '' });
    expect(ended.stdout).toContain('Too few for any verdict: that needs 6 blocks');
    expect(ended.stdout).toMatch(/block 1 of 1 {2}slow-server/);
    expect(ended.stdout).toContain('Not judged for one slow real server');
  });

  it('was measured as planned: each once, the base twice, with who answered and what passed', async () => {
    const { plan, trials, workloads, fidelities, lab } = await recordOf();
    expect(plan).toMatchObject({ seed: 7, base: 'rr', blocks: 1, reserve: 0, fewest: 6 });
    expect(trials.map(({ order }) => order)).toEqual([0, 1, 2]);
    expect(trials.map(({ variant, control }) => (control ? `${variant} (A/A)` : variant))).toEqual(
      plan.order.flat(),
    );
    const answered = trials.filter(({ good }) => good > 0);
    expect(answered.length).toBeGreaterThan(0);
    for (const { shares, good, planned, directorBytes, saturated } of answered) {
      expect(Object.values(shares).reduce((sum, one) => sum + one, 0)).toBe(good);
      expect(planned).toBeGreaterThanOrEqual(good);
      expect(directorBytes?.in).toBeGreaterThan(0);
      expect(saturated).toMatch(/^(generator|shared CPU|nothing)$/);
    }
    expect(workloads.map(({ workload }) => workload.id)).toEqual(['slow-server']);
    expect(fidelities).toMatchObject([{ variants: ['rr', 'lc'], fidelity: { sandbox: 'uml' } }]);
    expect(lab.file).toBe('lab/topologies/default.yaml');
    for (const report of ['report.html', 'summary.md'])
      expect(readFileSync(folder.at('c', report), 'utf8')).toContain('slow real server');
  });

  it('goes on after a crash in the middle of a line, with what is missing and nothing else', async () => {
    const path = folder.at('c', 'trials.ndjson');
    const { trials: before, plan } = await recordOf();
    const lines = before
      .slice(0, 2)
      .map((trial) => JSON.stringify({ ...trial, again: 'so it is not tried again' }));
    await writeFile(path, `${lines.join('\n')}\n`);
    await appendFile(path, lines[0]?.slice(0, 50) ?? '');
    const { code, stdout } = await drlab(['compare', '--resume', folder.at('c')]);
    expect(code).toBe(2);
    expect(stdout.match(/^block /gm)?.length).toBeLessThanOrEqual(2);
    const after = await recordOf();
    expect(after.trials.slice(0, 2).map(({ startedAt }) => startedAt)).toEqual(
      before.slice(0, 2).map(({ startedAt }) => startedAt),
    );
    expect(after.trials.length).toBe(3);
    expect(after.plan).toEqual(plan);
  });
});

it('what cannot be compared is refused before anything is built', async () => {
  const refused = [
    [['--schedulers', 'rr,fast'], '«fast» is not a scheduler'],
    [['--resume', folder.at('nowhere')], 'no comparison to resume'],
  ] as const;
  const all = await Promise.all(refused.map(([args]) => drlab(['compare', ...args])));
  for (const [i, [, text]] of refused.entries())
    expect(all[i]).toMatchObject({ code: 64, stderr: expect.stringContaining(text) });
});
