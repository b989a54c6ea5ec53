import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRecord } from '../report/index.ts';
import { drlab, TestFolder } from './testing/drlab.ts';

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

it('mutants are killed for the reason that they state, and the unbroken lab is green before and after', async () => {
  const ended = await drlab(['mutants', 'ARP-01', '--lab', 'minimal', '--out', folder.path]);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const record = await readRecord(folder.path);
  expect(record.command).toBe('mutants');
  expect(record.mutants?.map(({ mutant, outcome, verdict }) => ({ mutant, outcome, verdict }))).toEqual(
    ['arp-ignore-off', 'arp-ignore-on-lo-only', 'vip-on-eth0'].map((mutant) => ({
      mutant,
      outcome: 'killed',
      verdict: 'fail',
    })),
  );
  expect(record.results).toMatchObject([{ id: 'ARP-01', verdict: 'pass' }]);
  // What is not green after the mutants becomes a fault.
  expect(record.faults).toEqual([]);
  for (const { mutant } of record.mutants ?? []) expect(ended.stdout).toContain(mutant);
});
