import { afterAll, beforeAll, expect, it } from 'vitest';
import { drlab, type Ended, TestFolder } from '../../src/cli/testing/drlab.ts';
import type { RunRecord } from '../../src/model/record.ts';
import { readRecord } from '../../src/model/stored/record.ts';
import { asset } from '../../src/util/root.ts';

let folder: TestFolder;
let ended: Ended;
let record: RunRecord;
beforeAll(async () => {
  folder = await TestFolder.create();
  const out = folder.at('run');
  const lab = asset('lab/examples/mall.yaml');
  ended = await drlab(['run', 'STA-01', 'PP-01', 'PP-11', 'PP-16', '--lab', lab, '--out', out]);
  record = await readRecord(out);
});
afterAll(() => folder[Symbol.asyncDispose]());

it('please the health checks of pages, TLS, mail and names', () => expect(record.unsettled).toBeUndefined());

it('still say to drlab who answers', () => {
  expect(record.results.map(({ id, verdict }) => `${id} ${verdict}`).sort()).toEqual([
    'PP-01 pass',
    'PP-11 pass',
    'PP-16 pass',
    'STA-01 pass',
  ]);
  expect(ended.code).toBe(0);
});
