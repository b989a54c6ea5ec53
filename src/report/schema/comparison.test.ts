import { expect, it } from 'vitest';
import { UsageError } from '../../util/errors.ts';
import { readComparison } from '../comparison/index.ts';
import { aComparison } from '../fixture/comparison.ts';
import { comparisonJsonSchema, comparisonSchema } from './comparison.ts';

const record = aComparison({ answers: 100, blocks: 2 });

/** After a change of the record: `npx vitest run -u --config vitest.unit.config.js src/report/schema`. */
it('is published in docs/comparison.schema.json', async () => {
  const text = `${JSON.stringify(comparisonJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../../docs/comparison.schema.json');
});

it('accepts a comparison, and changes nothing in it', () => {
  expect(comparisonSchema.parse(record)).toEqual(record);
  expect(readComparison(JSON.stringify(record))).toEqual(record);
});

it('keeps what a later drlab adds', () => {
  expect(readComparison(JSON.stringify({ ...record, later: 1 }))).toHaveProperty('later', 1);
});

it.each([
  ['', 'a/comparison.json: not JSON'],
  ['{}', 'not a comparison of drlab'],
  [JSON.stringify({ ...record, version: 2 }), 'a newer drlab wrote it'],
  [JSON.stringify({ ...record, plan: { ...record.plan, seed: '42' } }), 'plan.seed: '],
])('refuses another file, with the place in it: %#', (text, why) => {
  expect(() => readComparison(text, 'a/comparison.json')).toThrow(why);
  expect(() => readComparison(text, 'a/comparison.json')).toThrow(UsageError);
});
