import type { ProbePoint } from '../../src/model/measurement.ts';
import { inconclusiveWhen } from '../testing/inconclusive.ts';

const lastFails = (points: ProbePoint[]): ProbePoint[] =>
  points.map((point, i) =>
    i === points.length - 1 ? { ...point, latencyMs: null, error: 'timeout' } : point,
  );

await inconclusiveWhen(import.meta.url, {
  'HC-01': [{ because: /none of them refused/, where: { 'record.streams.0.points': lastFails } }],
  'HC-13': [{ because: /too few connections between the changes/, where: { 'record.moments': [] } }],
});
