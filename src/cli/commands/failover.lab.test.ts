import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRecord } from '../../model/stored/record.ts';
import { drlab, TestFolder } from '../testing/drlab.ts';

/** The default lab: a pair of keepalived directors takes over, and a dead real server leaves the table. */

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

const tooBusy = /not fit to tell|timers were .* late/;

it('survives the death of its master and of a real server', async ({ skip }) => {
  const { code, stderr } = await drlab(['run', 'HA-02', 'HC-01', '--out', folder.path]);
  const { results, lab } = await readRecord(folder.path);
  const unmeasured = results.filter(
    ({ verdict, reason }) => verdict === 'inconclusive' && tooBusy.test(reason ?? ''),
  );
  skip(
    unmeasured.length > 0,
    `this machine is too busy: ${unmeasured.map(({ id, reason }) => `${id}: ${reason}`).join('; ')}`,
  );
  const said = results.map(({ id, verdict, seen, reason }) => ({ id, verdict, said: seen ?? reason }));
  expect({ code, stderr, said }).toEqual({
    code: 0,
    stderr: '',
    said: ['HC-01', 'HA-02'].map((id) => ({ id, verdict: 'pass', said: expect.any(String) })),
  });
  expect(lab.spec.director.kind).toBe('keepalived');
  expect(results.every(({ figures }) => figures.length > 0)).toBe(true);
});
