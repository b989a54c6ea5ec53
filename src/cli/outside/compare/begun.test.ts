import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BegunComparison } from '../../../model/state.ts';
import { aComparison } from '../../../report/testing/comparison.ts';
import { planFile, readBegun, saveBegun } from './begun.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'drlab-begun-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const { id, commandLine, startedAt, drlab, lab, variants, plan } = aComparison({ answers: 100, blocks: 2 });
const begun: BegunComparison = {
  ...{ id, commandLine, startedAt, drlab, lab, variants, plan },
  sandbox: 'auto',
  workloads: ['uniform'],
  keepWeights: false,
  wanted: { seed: 1, base: 'rr', changes: [], blocks: undefined },
};

it('a comparison goes on with what it was begun with', async () => {
  await saveBegun(dir, begun);
  expect(await readBegun(dir)).toEqual(JSON.parse(JSON.stringify(begun)));
});

it('and not where there was none, or with another file', async () => {
  await expect(readBegun(dir)).rejects.toThrow('there is no comparison to resume in');
  const file = join(dir, planFile);
  await writeFile(file, JSON.stringify({ ...begun, plan: { ...plan, order: 'rr' } }));
  await expect(readBegun(dir)).rejects.toThrow(`${file}: plan.order: Invalid input: expected array`);
  await writeFile(file, '{"id": ');
  await expect(readBegun(dir)).rejects.toThrow(`${file}: not JSON`);
});
