import { appendFile, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecord } from '../model/stored/record.ts';
import { randomFrom } from '../statistics/random.ts';
import { appendRun, openHistory, replaceRun } from './store.ts';
import { aNight, noisy } from './testing/nights.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'drlab-history-'));
});
afterEach(() => rm(dir, { recursive: true }));
const ids = async (): Promise<string[]> => (await openHistory(dir)).runs.map(({ id }) => id);

describe('a history', () => {
  it('keeps whole records, the oldest first, and an index of them', async () => {
    const path = await appendRun(dir, aNight(2, [500, 510]));
    await appendRun(dir, aNight(1, [490]));
    const history = await openHistory(dir);
    expect(history.runs.map(({ id }) => id)).toEqual(['night-0001', 'night-0002']);
    expect(history).toMatchObject({ reread: 0, unreadable: [] });
    expect(await readRecord(path)).toEqual(aNight(2, [500, 510]));
    expect(history.runs[1]).toMatchObject({
      file: path,
      figures: [
        { check: 'LAT-1', name: 'p50', value: 500, unit: 'µs', better: 'lower' },
        { check: 'LAT-2', name: 'p50', value: 510, unit: 'µs', better: 'lower' },
      ],
    });
  });

  it('starts empty, refuses a run twice, and a folder that is not there', async () => {
    expect(await openHistory(dir)).toMatchObject({ runs: [], reread: 0 });
    await appendRun(dir, aNight(1, [1]));
    await expect(appendRun(dir, aNight(1, [2]))).rejects.toThrow('already has run night-0001');
    expect((await openHistory(dir)).runs[0]?.figures[0]?.value).toBe(1);
    await expect(openHistory(join(dir, 'none'))).rejects.toThrow('there is no history');
    await expect(appendRun(join(dir, 'none'), aNight(1, [1]))).rejects.toThrow('there is no history');
  });

  it('has the record of a run replaced, which must be there', async () => {
    const path = await appendRun(dir, aNight(1, [490]));
    expect(await replaceRun(dir, aNight(1, [490], { exitCode: 1 }))).toBe(path);
    const { runs, reread } = await openHistory(dir);
    expect([runs.length, runs[0]?.exitCode, reread]).toEqual([1, 1, 0]);
    await expect(replaceRun(dir, aNight(2, [490]))).rejects.toThrow('ENOENT');
  });

  it('no run ID leads out of the folder', async () => {
    await appendRun(dir, { ...aNight(1, [1]), id: '../../evil/ü' });
    expect(await readdir(join(dir, 'runs'))).toEqual(['..%2F..%2Fevil%2F%C3%BC.json']);
    expect(await ids()).toEqual(['../../evil/ü']);
  });
});

describe('after a crash', () => {
  beforeEach(async () => {
    for (const n of [1, 2, 3]) await appendRun(dir, aNight(n, [500 + n]));
  });
  const all = ['night-0001', 'night-0002', 'night-0003'];

  it('half a record is a draft that nobody reads, and later swept away', async () => {
    const draft = join(dir, 'runs', '.draft-of-a-crash');
    await writeFile(draft, JSON.stringify(aNight(4, [1])).slice(0, 700));
    expect(await openHistory(dir)).toMatchObject({ unreadable: [], reread: 0 });
    expect(await ids()).toEqual(all);
    await appendRun(dir, aNight(5, [1]));
    expect(await readdir(join(dir, 'runs'))).toContain('.draft-of-a-crash');
    await utimes(draft, new Date(0), new Date(0));
    await appendRun(dir, aNight(6, [1]));
    expect((await readdir(join(dir, 'runs'))).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('an index torn at any byte is fixed from the records', async () => {
    const index = join(dir, 'index.ndjson');
    const whole = await readFile(index, 'utf8');
    const before = (await openHistory(dir)).runs;
    for (let bytes = 0; bytes < whole.length; bytes += 97) {
      await writeFile(index, whole.slice(0, bytes));
      expect((await openHistory(dir)).runs).toEqual(before);
      expect((await openHistory(dir)).reread).toBe(0);
    }
  });

  it('a line after a torn one is still read', async () => {
    await appendFile(join(dir, 'index.ndjson'), '\n{"form":1,"file":"night-00');
    await appendRun(dir, aNight(4, [504]));
    expect(await openHistory(dir)).toMatchObject({ reread: 0 });
    expect(await ids()).toEqual([...all, 'night-0004']);
  });

  it('a missing index is rebuilt; a record without a line is read; a line without a record is dropped', async () => {
    await rm(join(dir, 'index.ndjson'));
    expect(await openHistory(dir)).toMatchObject({ reread: 3 });
    await writeFile(join(dir, 'runs', 'night-0004.json'), JSON.stringify(aNight(4, [504])));
    await rm(join(dir, 'runs', 'night-0001.json'));
    expect(await openHistory(dir)).toMatchObject({ reread: 1 });
    expect(await ids()).toEqual(['night-0002', 'night-0003', 'night-0004']);
  });

  it('a changed record is read again', async () => {
    await writeFile(join(dir, 'runs', 'night-0002.json'), JSON.stringify(aNight(2, [77_777])));
    const { runs, reread } = await openHistory(dir);
    expect([reread, runs[1]?.figures[0]?.value]).toEqual([1, 77_777]);
  });

  it('a night of the version before is read, also where an older index could not', async () => {
    const before = new URL('../model/stored/testing/run-1.json', import.meta.url);
    const text = await readFile(before, 'utf8');
    await writeFile(join(dir, 'runs', 'before.json'), text);
    const { size, mtimeMs } = await stat(join(dir, 'runs', 'before.json'));
    const entry = { form: 2, file: 'before.json', bytes: size, mtimeMs, unreadable: 'of version 1' };
    await appendFile(join(dir, 'index.ndjson'), `\n${JSON.stringify(entry)}\n`);
    const { unreadable, runs } = await openHistory(dir);
    expect(unreadable).toEqual([]);
    expect(runs.map(({ id }) => id)).toContain(JSON.parse(text).id);
  });

  it('what is no record is named, and hides nothing else', async () => {
    const text = JSON.stringify(aNight(4, [1]));
    await writeFile(join(dir, 'runs', 'cut.json'), text.slice(0, 300));
    await writeFile(join(dir, 'runs', 'empty.json'), '');
    await writeFile(join(dir, 'runs', 'null.json'), 'null');
    await writeFile(join(dir, 'runs', 'old.json'), '{"version":0}');
    await writeFile(join(dir, 'runs', 'other.json'), '{"version":3,"results":5}');
    const { unreadable } = await openHistory(dir);
    expect(unreadable.map(({ file }) => file.split('/').at(-1)).sort()).toEqual([
      'cut.json',
      'empty.json',
      'null.json',
      'old.json',
      'other.json',
    ]);
    const whys = unreadable.map(({ why }) => why);
    expect(whys).toContain('old.json: version: expected 3, found 0: an older drlab wrote it');
    expect(whys).toContainEqual(expect.stringContaining('other.json: command: Invalid option'));
    expect(await ids()).toEqual(all);
    expect((await openHistory(dir)).reread).toBe(0);
  });
});

it('1,000 runs with 40 figures each open from the index, and no record is read again', async () => {
  await appendRun(dir, aNight(0, [1]));
  const random = randomFrom(1);
  for (let n = 1; n < 1000; n++) {
    const night = aNight(n, noisy(random, 40, 0.03));
    await writeFile(join(dir, 'runs', `${night.id}.json`), JSON.stringify(night));
  }
  const fromRecords = await openHistory(dir);
  const fromIndex = await openHistory(dir);
  expect([fromRecords.reread, fromIndex.reread]).toEqual([999, 0]);
  expect([fromIndex.runs.length, fromIndex.runs[999]?.figures.length]).toEqual([1000, 40]);
}, 60_000);
