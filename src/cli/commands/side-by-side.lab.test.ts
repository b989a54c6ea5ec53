import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRecord } from '../../model/stored/record.ts';
import { drlab, TestFolder } from '../testing/drlab.ts';

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

it('runs at once do not disturb each other', async () => {
  const labs = ['nftables', 'nftables', 'minimal', 'minimal'];
  const outs = labs.map((lab, i) => folder.at(`${lab}-${i}`));
  const ends = await Promise.all(
    labs.map((lab, i) =>
      drlab(['run', 'ARP-01', 'ARP-06', 'PP-16', '--lab', lab, '--out', outs[i] ?? '', '-q']),
    ),
  );
  expect(ends.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    labs.map(() => ({ code: 0, stderr: '' })),
  );
  const records = await Promise.all(outs.map((out) => readRecord(out)));
  expect(records.map(({ lab }) => lab.spec.name)).toEqual(labs);
  expect(new Set(records.map(({ id }) => id)).size).toBe(labs.length);
});
