import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { explorationJsonSchema, explorationSchema } from './exploration.ts';

const record = JSON.parse(readFileSync('reports/published/explore-100/exploration.json', 'utf8'));

/** After a change of the record: `npx vitest run -u --config vitest.unit.config.js src/model/schema`. */
it('is published in docs/exploration.schema.json', async () => {
  const schema = `${JSON.stringify(explorationJsonSchema(), null, 2)}\n`;
  await expect(schema).toMatchFileSnapshot('../../../docs/exploration.schema.json');
});

it('accepts the published exploration, and changes nothing in it', () => {
  expect(explorationSchema.parse(record)).toEqual(record);
});
