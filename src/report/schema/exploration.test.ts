import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { UsageError } from '../../util/errors.ts';
import { readExploration } from '../explore/index.ts';
import { explorationJsonSchema, explorationSchema } from './exploration.ts';

const text = readFileSync('reports/published/explore-100/exploration.json', 'utf8');
const record = JSON.parse(text);

/** After a change of the record: `npx vitest run -u --config vitest.unit.config.js src/report/schema`. */
it('is published in docs/exploration.schema.json', async () => {
  const schema = `${JSON.stringify(explorationJsonSchema(), null, 2)}\n`;
  await expect(schema).toMatchFileSnapshot('../../../docs/exploration.schema.json');
});

it('accepts the published exploration, and changes nothing in it', () => {
  expect(explorationSchema.parse(record)).toEqual(record);
  expect(readExploration(text)).toEqual(record);
});

it.each([
  ['', 'a/exploration.json: not JSON'],
  ['{}', 'not a record of an exploration of drlab'],
  [JSON.stringify({ ...record, planned: '100' }), 'planned: '],
])('refuses another file, with the place in it: %#', (other, why) => {
  expect(() => readExploration(other, 'a/exploration.json')).toThrow(why);
  expect(() => readExploration(other, 'a/exploration.json')).toThrow(UsageError);
});
