import { histogramOf } from '../../src/probe/histogram.ts';
import { inconclusiveWhen } from '../testing/inconclusive.ts';

/** Of checks that only measure nothing is recorded: these observations are made up. */
const fit = { reasons: [] as string[] };
const late = { reasons: ['probes were sent late: p99 80.0 ms'] };

const streams = [{ name: 'through the VIP', histogram: histogramOf([200]) }];
const run = { errors: 0, figures: [], health: fit, histogram: histogramOf([200]) };
const atHalf = (over: object) => ({
  peakPerS: 300,
  runs: [{ share: 0.5, way: 'vip', run: { ...run, ...over } }],
});

await inconclusiveWhen(import.meta.url, {
  'PERF-04': [
    { because: /no probe was answered/, made: { streams: [], lost: 0, health: fit } },
    {
      because: /no probe was answered/,
      made: {
        streams: [{ name: 'through the VIP', histogram: histogramOf([]) }],
        lost: 0,
        health: fit,
      },
    },
    {
      because: /probes were sent late: p99 80\.0 ms; measure/,
      made: { streams, lost: 0, health: late },
    },
    { because: /2 probes lost/, made: { streams, lost: 2, health: fit } },
  ],
  'PERF-07': [
    { because: /no connection was answered/, made: { peakPerS: 0, runs: [] } },
    { because: /probes were sent late: p99 80\.0 ms; measure/, made: atHalf({ health: late }) },
    { because: /3 probes failed/, made: atHalf({ errors: 3 }) },
    { because: /no latency was recorded/, made: atHalf({}) },
  ],
});
