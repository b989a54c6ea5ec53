import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UsageError } from '../../util/errors.ts';
import { aMatrix } from '../fixture/matrix.ts';
import { matrixJsonSchema, readMatrix, writeMatrix } from './index.ts';
import { matrixRecordSchema } from './schema.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'drlab-matrix-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** After a change of the record: `npx vitest run -u --config vitest.unit.config.js src/report/matrix`. */
it('is published in docs/matrix.schema.json', async () => {
  const text = `${JSON.stringify(matrixJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../../docs/matrix.schema.json');
});

it('accepts a record, and changes nothing in it', () => {
  expect(matrixRecordSchema.parse(aMatrix())).toEqual(aMatrix());
});

it('is read as it was written, from its folder or its file', async () => {
  const paths = await writeMatrix(aMatrix(), dir);
  expect(await readMatrix(dir)).toEqual(aMatrix());
  expect(await readMatrix(paths.json)).toEqual(aMatrix());
  for (const path of Object.values(paths))
    expect((await readFile(path, 'utf8')).length).toBeGreaterThan(1000);
});

it('is refused where it is none, with the place in it', async () => {
  await expect(readMatrix(dir)).rejects.toThrow(`${join(dir, 'matrix.json')}: there is no such file`);
  const put = (value: unknown) => writeFile(join(dir, 'matrix.json'), JSON.stringify(value));
  await put({ ...aMatrix(), version: 2 });
  await expect(readMatrix(dir)).rejects.toThrow('a newer drlab wrote it');
  await put({ name: 'web' });
  await expect(readMatrix(dir)).rejects.toThrow('not a matrix of drlab');
  const [first, ...others] = aMatrix().places;
  await put({ ...aMatrix(), places: [{ ...first, state: 'lost' }, ...others] });
  const error: unknown = await readMatrix(dir).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({
    message: expect.stringContaining('places[0].state: '),
    hint: 'Expected is what docs/matrix.schema.json describes.',
  });
});
