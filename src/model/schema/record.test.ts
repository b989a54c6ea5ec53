import { expect, it } from 'vitest';
import { aRecord, someMutants } from '../../report/testing/record.ts';
import { recordJsonSchema, runRecordSchema } from './record.ts';

/** After a change of the record: `npx vitest run -u --config vitest.unit.config.js src/model/schema`. */
it('is published in docs/run.schema.json', async () => {
  const text = `${JSON.stringify(recordJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../../docs/run.schema.json');
});

it('accepts a record, and changes nothing in it', () => {
  const record = aRecord({ mutants: someMutants(), faults: [{ message: 'm' }] });
  expect(runRecordSchema.parse(record)).toEqual(record);
});

it('refuses undefined where a field may only be absent', () => {
  expect(runRecordSchema.safeParse({ ...aRecord(), mutants: undefined }).success).toBe(false);
});
