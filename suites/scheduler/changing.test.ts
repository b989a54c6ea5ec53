import { expect, test } from 'vitest';
import { findLab, readLab } from '../../src/model/labfile/index.ts';
import { stagedSpec } from '../../src/run/cases.ts';
import { readRecorded } from '../recorded/recorded.ts';
import { schedulerChanges } from './changing.ts';

/** No setting breaks SCH-22, so what a director that loses connections would show is made from what a real one did. */
const { spec } = await readLab(await findLab('default'));
const staged = stagedSpec(spec, schedulerChanges);
if ('impossible' in staged) throw new Error(staged.impossible);
const seen = readRecorded('scheduler').find((one) => one.check === 'SCH-22')?.observation as {
  inner: { then: string[]; between: string };
};
const judge = (observation: unknown) => schedulerChanges.judge(observation, { spec: staged.spec });

test('a connection that is reset by the change fails', () => {
  const broken = structuredClone(seen);
  broken.inner.then[0] = 'reset';
  expect(judge(broken)).toMatchObject({ verdict: 'fail', seen: expect.stringContaining('1 of 6') });
});

test('a scheduler that did not change is no verdict', () =>
  expect(judge({ ...seen, inner: { ...seen.inner, between: 'rr' } })).toMatchObject({
    verdict: 'inconclusive',
  }));
