import { expect, it } from 'vitest';
import { aMatrix } from '../../report/testing/matrix.ts';
import { matrixJsonSchema, matrixRecordSchema } from './matrix.ts';

/** After a change of the record: `npx vitest run -u --config vitest.unit.config.js src/model/schema`. */
it('is published in docs/matrix.schema.json', async () => {
  const text = `${JSON.stringify(matrixJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../../docs/matrix.schema.json');
});

it('accepts a record, and changes nothing in it', () => {
  expect(matrixRecordSchema.parse(aMatrix())).toEqual(aMatrix());
});
