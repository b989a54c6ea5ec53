import { expect, it } from 'vitest';
import type { ProbePoint } from '../../../src/model/measurement.ts';
import { recordedCase } from '../../recorded/recorded.ts';
import { deadServerRemoved } from './dead.ts';

const { spec, observation: recorded } = recordedCase(deadServerRemoved);

interface Recorded {
  record: { moments: { label: string; toMs: number }[]; streams: { name: string; points: ProbePoint[] }[] };
}

/** What the unbroken lab showed, with one connection lost half a second after the removal. */
function lostLater(error: string): unknown {
  const observation = structuredClone(recorded) as Recorded;
  const { moments, streams } = observation.record;
  const removedMs = moments.find(({ label }) => label === 'removed')?.toMs ?? Number.NaN;
  const points = streams.find(({ name }) => name === 'new connections')?.points ?? [];
  const hit = points.findIndex(({ tMs }) => tMs > removedMs + 500);
  points[hit] = { tMs: points[hit]?.tMs ?? 0, latencyMs: null, error };
  return observation;
}

it.each([
  ['refused', 'fail', /1 after/],
  ['reset', 'fail', /1 after/],
  ['timeout', 'inconclusive', /none of them refused/],
])('a connection that ends %s after the removal is %s', (error, verdict, seen) => {
  expect(deadServerRemoved.judge(lostLater(error), { spec })).toMatchObject({
    verdict,
    seen: expect.stringMatching(seen),
  });
});
