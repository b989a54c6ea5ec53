import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checks } from '../../../suites/index.ts';
import { recordedCase } from '../../../suites/recorded/recorded.ts';
import { findLab, readLab } from '../../model/labfile/index.ts';
import { observedIn, unfit } from './record.ts';

const { spec } = await readLab(await findLab('default'));
const check = checks.find(({ id }) => id === 'ARP-01');
if (!check) throw new Error('no such check');
const names = ['before', ...check.mutants.map(({ id }) => id)];
const folderOf = (name: string): string => (name === 'before' ? 'before' : `ARP-01-${name}`);

const run = mkdtempSync(join(tmpdir(), 'drlab-record-'));
afterAll(() => rmSync(run, { recursive: true }));
for (const name of names) {
  const folder = join(run, 'evidence', folderOf(name), 'ARP-01');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'observation.json'), JSON.stringify(recordedCase(check, name).observation));
}

test('takes over what a kill matrix observed, with the lab of each', () => {
  const cases = observedIn(run, spec, check);
  expect(cases.map(({ name }) => name)).toEqual(names);
  expect(unfit(check, cases)).toBeUndefined();
});

test('leaves alone what is incomplete, or does not say what it should', () => {
  const [before, ...mutants] = observedIn(run, spec, check);
  if (!before) throw new Error('nothing observed');
  expect(unfit(check, mutants)).toBe('no observation of before');
  const silent = mutants.map((one) => ({ ...one, observation: before.observation }));
  expect(unfit(check, [before, ...silent])).toMatch(`${mutants[0]?.name}: pass, `);
});
