import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeComparison, writeMatrix, writeReports } from '../../report/index.ts';
import { aComparison } from '../../report/testing/comparison.ts';
import { aMatrix } from '../../report/testing/matrix.ts';
import { aRecord, someMutants } from '../../report/testing/record.ts';
import { UsageError } from '../../util/errors.ts';
import { readComparison, readExploration, readMatrix, readRecord } from './record.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'drlab-record-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const put = (value: unknown, file = 'run.json') =>
  writeFile(join(dir, file), typeof value === 'string' ? value : JSON.stringify(value));
const failure = async (
  read: (path: string) => Promise<unknown> = readRecord,
  path = dir,
): Promise<UsageError> => {
  const error: unknown = await read(path).catch((thrown: unknown) => thrown);
  if (!(error instanceof UsageError)) throw new Error(`expected a UsageError, got ${error}`);
  return error;
};
const file = () => join(dir, 'run.json');

describe('a record comes back as it was written, from its folder or its file', () => {
  it.each([
    ['of a run', () => writeReports(aRecord({ mutants: someMutants() }), dir), readRecord],
    ['of a comparison', () => writeComparison(aComparison({ answers: 100, blocks: 2 }), dir), readComparison],
    ['of a matrix', () => writeMatrix(aMatrix(), dir), readMatrix],
  ] as const)('%s', async (_, write, read) => {
    const paths = await write();
    const record: unknown = await read(dir);
    expect(record).toEqual(JSON.parse(await readFile(paths.json, 'utf8')));
    expect(await read(paths.json)).toEqual(record);
    for (const path of Object.values(paths))
      expect((await readFile(path, 'utf8')).length).toBeGreaterThan(500);
  });

  it('of an exploration', async () => {
    const published = 'reports/published/explore-100';
    expect((await readExploration(published)).outcomes).toHaveLength(100);
  });
});

it('keeps what a later drlab added', async () => {
  await put({ ...aRecord(), later: 7 });
  expect(await readRecord(dir)).toHaveProperty('later', 7);
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
    expect((await failure()).message).toContain('version: expected 3, found none');
    await put('null');
    expect((await failure()).message).toContain('not a run of drlab');
  });

  it('of another version', async () => {
    await put({ ...aRecord(), version: 4 });
    const newer = await failure();
    expect(newer.message).toContain('version: expected 3, found 4: a newer drlab wrote it');
    expect(newer.hint).toContain('Update drlab');
    await put({ ...aRecord(), version: 0 });
    expect((await failure()).message).toContain('found 0: an older drlab wrote it');
  });

  it('wrong somewhere inside', async () => {
    const record = aRecord();
    const [first, ...others] = record.results;
    await put({ ...record, results: [{ ...first, verdict: 'great', durationMs: 'long' }, ...others] });
    const { message, hint } = await failure(readRecord, file());
    expect(message).toContain('results[0].verdict: ');
    expect(message).toContain('results[0].durationMs: Invalid input: expected number, received string');
    expect(hint).toBe('Expected is what docs/run.schema.json describes.');
  });

  it.each([
    ['comparison.json', readComparison, 'not a comparison of drlab'],
    ['exploration.json', readExploration, 'not a record of an exploration of drlab'],
    ['matrix.json', readMatrix, 'not a matrix of drlab'],
  ] as const)('%s', async (name, read, none) => {
    const refused = () => failure(read);
    expect((await refused()).message).toBe(`${join(dir, name)}: there is no such file`);
    await put({ name: 'web' }, name);
    expect((await refused()).message).toContain(none);
    await put({ version: 1, id: 7 }, name);
    expect((await refused()).message).toContain('id: Invalid input: expected string, received number');
  });
});
