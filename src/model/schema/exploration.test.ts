import { expect, it } from 'vitest';
import { readExploration } from '../stored/record.ts';
import { explorationJsonSchema, explorationSchema } from './exploration.ts';

/** After a change of the record: `npx vitest run -u --config vitest.unit.config.js src/model/schema`. */
it('is published in docs/exploration.schema.json', async () => {
  const schema = `${JSON.stringify(explorationJsonSchema(), null, 2)}\n`;
  await expect(schema).toMatchFileSnapshot('../../../docs/exploration.schema.json');
});

it('accepts the published exploration, and changes nothing in it', async () => {
  const record = await readExploration('reports/published/explore-100');
  expect(explorationSchema.parse(record)).toEqual(record);
});
