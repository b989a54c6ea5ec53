import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kernelForVirtualTime } from '../../../lab/kernel/index.ts';
import type { ExplorationRecord, ReplayFile } from '../../model/exploration.ts';
import { explorationVersion } from '../../model/versions.ts';
import { packageRoot } from '../../util/root.ts';
import { drlab, TestFolder } from '../testing/drlab.ts';

/** Schedules of faults in virtual time: two seeds in a lab without bugs, and a planted one that is found and shrunk. */

const kernel = await kernelForVirtualTime();
const why = 'none' in kernel ? ` (not run: ${kernel.none}; drlab kernel build)` : '';

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

const explore = (...words: string[]) => drlab(['explore', 'failover', ...words]);

it('is refused with the command that builds a kernel for it', async () => {
  const env = { XDG_CACHE_HOME: folder.at('empty') };
  const { code, stderr } = await drlab(['explore', 'failover', '--seed', '1'], { env });
  expect({ code, stderr }).toEqual({
    code: 69,
    stderr: expect.stringMatching(/no virtual time: .*\n.*drlab kernel build/),
  });
});

it('is refused without seeds, and in a lab without a pair', async () => {
  expect(await explore()).toMatchObject({ code: 64, stderr: expect.stringMatching(/--seeds/) });
  expect(await explore('--seed', '1', '--lab', 'minimal')).toMatchObject({
    code: 64,
    stderr: expect.stringMatching(/--lab explore/),
  });
});

it.skipIf(why !== '')(`finds nothing in a lab without bugs${why}`, async () => {
  const { code, stderr } = await explore('--seeds', '39,50', '--out', folder.at('fine'), '--quiet');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { outcomes } = JSON.parse(
    await readFile(folder.at('fine', 'exploration.json'), 'utf8'),
  ) as ExplorationRecord;
  expect(outcomes.map(({ schedule }) => schedule.seed)).toEqual([39, 50]);
  for (const { findings } of outcomes) expect(findings).toHaveLength(6);
});

it.skipIf(why !== '')(`finds a planted bug, and ends with 1${why}`, async () => {
  const planted: ReplayFile = {
    version: explorationVersion,
    lab: join(packageRoot, 'suites', 'explore', 'testing', 'one-sided-sync.yaml'),
    time: 'virtual',
    invariant: 'connections survive',
    schedule: {
      seed: 1,
      faults: [{ fault: { kind: 'portDown', host: 'd1' }, beginMs: 0, durationMs: 500 }],
    },
  };
  const file = folder.at('planted.json');
  await writeFile(file, JSON.stringify(planted));
  const { code, stdout } = await explore(
    ...['--replay', file, '--trials', '0', '--out', folder.at('found'), '--json'],
  );
  expect(code).toBe(1);
  const { outcomes } = JSON.parse(stdout) as ExplorationRecord;
  const failing = outcomes[0]?.findings.filter(({ verdict }) => verdict === 'fails');
  expect(failing).toEqual([
    {
      invariant: 'connections survive',
      verdict: 'fails',
      seen: expect.stringMatching(/connection was reset/),
    },
  ]);
});
