import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../util/errors.ts';
import { aRecord, someMutants } from './fixture/record.ts';
import { readRecord, writeReports } from './index.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'drlab-record-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const file = () => join(dir, 'run.json');
const put = (value: unknown) => writeFile(file(), typeof value === 'string' ? value : JSON.stringify(value));
const failure = async (path = dir): Promise<UsageError> => {
  const error: unknown = await readRecord(path).catch((thrown: unknown) => thrown);
  if (!(error instanceof UsageError)) throw new Error(`expected a UsageError, got ${error}`);
  return error;
};

describe('a record', () => {
  it('comes back as it was written, from its folder or its file', async () => {
    const record = aRecord({ mutants: someMutants() });
    const paths = await writeReports(record, dir);
    expect(await readRecord(dir)).toEqual(record);
    expect(await readRecord(paths.json)).toEqual(record);
    for (const path of Object.values(paths))
      expect((await readFile(path, 'utf8')).length).toBeGreaterThan(500);
  });

  it('keeps what a later drlab added', async () => {
    await put({ ...aRecord(), seed: 7 });
    expect(await readRecord(dir)).toHaveProperty('seed', 7);
  });
});

describe('what is no record is refused, with the file, the place and what was expected', () => {
  it('missing', async () => {
    const { message, hint } = await failure();
    expect(message).toBe(`${file()}: there is no such file`);
    expect(hint).toContain('run.json');
  });

  it('empty or cut off', async () => {
    await put('');
    expect((await failure()).hint).toContain('empty');
    await put(JSON.stringify(aRecord()).slice(0, 500));
    expect((await failure()).message).toContain(`${file()}: not JSON`);
  });

  it('something else', async () => {
    await put({ name: 'web' });
    expect((await failure()).message).toContain('version: expected 1, found none');
    await put('null');
    expect((await failure()).message).toContain('not a run of drlab');
  });

  it('of another version', async () => {
    await put({ ...aRecord(), version: 2 });
    const newer = await failure();
    expect(newer.message).toContain('version: expected 1, found 2: a newer drlab wrote it');
    expect(newer.hint).toContain('Update drlab');
    await put({ ...aRecord(), version: 0 });
    expect((await failure()).message).toContain('found 0: an older drlab wrote it');
  });

  it('wrong somewhere inside', async () => {
    const record = aRecord();
    const [first, ...others] = record.results;
    await put({ ...record, results: [{ ...first, verdict: 'great', durationMs: 'long' }, ...others] });
    const { message } = await failure(file());
    expect(message).toContain('results[0].verdict: ');
    expect(message).toContain('results[0].durationMs: Invalid input: expected number, received string');
  });
});
