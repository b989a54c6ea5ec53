import { inconclusiveWhen, type Unjudged } from '../testing/inconclusive.ts';

/** Of checks that only measure nothing is recorded: these observations are made up. */
const run = { figures: [{ name: 'requests', value: 80, unit: 'requests/s' }], errors: 0 };
const round = (over: object) => ({ vip: { ...run, ...over }, direct: run });

const ofRounds: Unjudged[] = [
  { because: /nothing was measured/, made: { rounds: [] } },
  { because: /2 errors in 1 rounds/, made: { rounds: [round({ errors: 2 })] } },
  { because: /a round had no answer at all/, made: { rounds: [round({ figures: [] })] } },
  {
    because: /probes were sent late; measure/,
    made: { rounds: [round({ health: { reasons: ['probes were sent late'] } })] },
  },
];

await inconclusiveWhen(import.meta.url, {
  'PERF-01': ofRounds,
  'PERF-02': [
    { because: /only 3000000 bytes were downloaded/, where: { bytes: 3_000_000 } },
    { because: /d1 has no counters/, where: { directorInBytes: Number.NaN } },
    { because: /d1 has no counters/, where: { directorOutBytes: Number.NaN } },
  ],
  'PERF-05': [
    { because: /nothing was measured/, made: { runs: [] } },
    {
      because: /upload, TCP: nothing was measured/,
      made: { runs: [{ name: 'upload, TCP', rounds: [] }] },
    },
  ],
  'PERF-06': ofRounds,
});
