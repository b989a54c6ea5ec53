import { expect, test } from 'vitest';
import { recordedCase } from '../recorded/recorded.ts';
import { schedulerChanges } from './changing.ts';

/** No setting breaks SCH-22, so what a director that loses connections would show is made from what a real one did. */
const { spec, observation } = recordedCase(schedulerChanges);
const seen = observation as { inner: { then: string[]; between: string } };
const judge = (changed: unknown) => schedulerChanges.judge(changed, { spec });

test('a connection that is reset by the change fails', () => {
  const broken = structuredClone(seen);
  broken.inner.then[0] = 'reset';
  expect(judge(broken)).toMatchObject({ verdict: 'fail', seen: expect.stringContaining('1 of 6') });
});

test('a scheduler that did not change is no verdict', () =>
  expect(judge({ ...seen, inner: { ...seen.inner, between: 'rr' } })).toMatchObject({
    verdict: 'inconclusive',
  }));
