import { expect, it } from 'vitest';
import { differences } from './same.ts';
import { aRecord } from './testing/record.ts';

it('forgives what names a run and when it was', () => {
  const other = aRecord({ id: 'another', commandLine: 'drlab run --out /elsewhere', durationMs: 1 });
  expect(differences(aRecord(), other)).toEqual([]);
});

it('forgives the commit, not the version', () => {
  const { drlab } = aRecord();
  const other = aRecord({ drlab: { version: drlab.version, commit: 'abc' } });
  expect(differences(aRecord(), other)).toEqual([]);
  expect(differences(aRecord(), aRecord({ drlab: { ...drlab, version: '9' } }))).toHaveLength(1);
});

it('names each value that differs by the check that it belongs to', () => {
  const [one, other] = [aRecord(), aRecord()];
  const result = other.results[0];
  if (!result) throw new Error('a record with results');
  const { durationMs } = result;
  result.durationMs += 1;
  expect(differences(one, other)).toEqual([
    { path: `results[${result.id}].durationMs`, first: durationMs, second: durationMs + 1 },
  ]);
});

it('sees what only one of them has', () => {
  expect(differences(aRecord(), aRecord({ seed: 7 }))).toEqual([
    { path: 'seed', first: undefined, second: 7 },
  ]);
});
