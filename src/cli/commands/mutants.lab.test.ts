import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checks } from '../../../suites/index.ts';
import { readRecord } from '../../model/stored/record.ts';
import { drlab, TestFolder } from '../testing/drlab.ts';

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

it('mutants are killed for the reason that they state, and the unbroken lab is green before and after', async () => {
  const ended = await drlab(['mutants', 'ARP-01', '--own', '--lab', 'minimal', '--out', folder.at('own')]);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const record = await readRecord(folder.at('own'));
  expect(record.command).toBe('mutants');
  const known = checks.find(({ id }) => id === 'ARP-01')?.mutants ?? [];
  expect(known.length).toBeGreaterThan(2);
  expect(record.mutants?.map(({ mutant, outcome, verdict }) => ({ mutant, outcome, verdict }))).toEqual(
    known.map(({ id }) => ({ mutant: id, outcome: 'killed', verdict: 'fail' })),
  );
  expect(record.results).toMatchObject([{ id: 'ARP-01', verdict: 'pass' }]);
  // What is not green after the mutants becomes a fault.
  expect(record.faults).toEqual([]);
  for (const { mutant } of record.mutants ?? []) expect(ended.stdout).toContain(mutant);
});

it('the other MUST checks are asked in the same broken lab', async () => {
  const args = ['mutants', 'VIP-02', '--lab', 'nftables', '--sandbox', 'host', '--out', folder.at('others')];
  expect(await drlab(args)).toMatchObject({ code: 0, stderr: '' });
  const [mutant] = (await readRecord(folder.at('others'))).mutants ?? [];
  const said = new Map(mutant?.others?.map(({ check, verdict }) => [check, verdict]));
  expect(said.get('ARP-01')).toBe('pass');
  expect(said.has('VIP-02')).toBe(false);
  // Those that break things, measure time or belong to another lab are not.
  expect(
    [...said.keys()].filter((id) => id.includes('@') || id.startsWith('HA-') || id.startsWith('PERF-')),
  ).toEqual([]);
});

it('random faults are judged each by a run of its own, and what is harmless is not found', async () => {
  const args = ['mutants', 'PP-16', '--random', '20', '--only', 'R09', '--only', 'R14', '--lab', 'minimal'];
  const ended = await drlab([...args, '--out', folder.at('random')]);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const { random, results } = await readRecord(folder.at('random'));
  expect(results).toMatchObject([{ id: 'PP-16', verdict: 'pass' }]);
  expect(random?.faults).toMatchObject([
    { id: 'R09', family: 'harmless', outcome: 'quiet', others: [] },
    { id: 'R14', kind: 'service-dead', outcome: 'right', first: { check: 'PP-16', verdict: 'fail' } },
  ]);
  expect(random?.counts).toMatchObject({ faults: 1, found: 1, rightCause: 1, harmless: 1, falseAlarms: 0 });
  for (const { run } of random?.faults ?? [])
    expect(await readRecord(folder.at(join('random', run)))).toMatchObject({ command: 'run' });
});
