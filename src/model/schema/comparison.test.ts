import { expect, it } from 'vitest';
import { aComparison } from '../../report/testing/comparison.ts';
import { comparisonJsonSchema, comparisonSchema } from './comparison.ts';

/** After a change of the record: `npx vitest run -u --config vitest.unit.config.js src/model/schema`. */
it('is published in docs/comparison.schema.json', async () => {
  const text = `${JSON.stringify(comparisonJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../../docs/comparison.schema.json');
});

it('accepts a comparison, and changes nothing in it', () => {
  const record = aComparison({ answers: 100, blocks: 2 });
  expect(comparisonSchema.parse(record)).toEqual(record);
});
