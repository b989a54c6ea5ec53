import type { ProbePoint } from '../../../src/model/measurement.ts';
import { inconclusiveWhen, type Unjudged } from '../../testing/inconclusive.ts';

/** What every judge of an outage under load has to ask first, in the load of its observation. */
const loadAt = (load: string): Unjudged[] => [
  { because: /the load did not run/, where: { [`${load}.streams`]: [] } },
  { because: /the load did not run/, where: { [`${load}.streams.*.points`]: [] } },
  { because: /not fit .* sent 6000 ms late/, where: { [`${load}.health.scheduleLagP99Ms`]: 6_000 } },
  { because: /not fit .* only 40\.0 % of the probes/, where: { [`${load}.health.achievedRatio`]: 0.4 } },
  {
    because: /not fit .* new connections found no free local port/,
    where: {
      [`${load}.streams.0.points.3`]: (point: ProbePoint) => ({
        ...point,
        latencyMs: null,
        error: 'local-port',
      }),
    },
  },
];
const late = (slip: string): Unjudged => ({ because: /timers were 9000 ms late/, where: { [slip]: 9_000 } });
const pairUnderLoad = [...loadAt('record.load'), late('record.slipMs')];

/** Failures that an unfit instrument made, or could have made. */
const failed = (mutant: string, load: string, slip: string): Unjudged[] => [
  { mutant, because: /not fit/, where: { [`${load}.health.scheduleLagP99Ms`]: 6_000 } },
  { mutant, because: /timers were \d+ ms late/, where: { [slip]: 400 } },
];

const didNot = { because: /it did not happen/, where: { happened: false, evidence: 'it did not happen' } };

await inconclusiveWhen(import.meta.url, {
  'HC-01': loadAt('record'),
  'HC-02': [
    { because: /rs1 was never removed/, where: { removed: false } },
    { because: /the load did not run/, where: { 'record.moments': [] } },
    ...loadAt('record'),
  ],
  'HC-13': [{ because: /the load did not run/, where: { server: '' } }, ...loadAt('record')],
  'HA-01': [
    ...loadAt('record'),
    late('seen.slipMs'),
    ...failed('backup-dead', 'record', 'seen.slipMs'),
    { because: /the load did not run/, where: { 'record.moments': [] } },
    { because: /failed before the fault/, where: { 'record.streams.0.points.0.latencyMs': null } },
    { because: /did not reach the service/, where: { 'record.streams.0.outage.contiguousMs': 0 } },
  ],
  'HA-02': [
    ...loadAt('record'),
    ...failed('backup-dead', 'record', 'seen.slipMs'),
    {
      // As seen beside a load of 8 on two CPUs: the prober was late by seconds, and nothing came back in the last one.
      because: /not fit .* sent 6100 ms late/,
      where: {
        'record.health.scheduleLagP99Ms': 6_100,
        'record.streams.0.points': (points: ProbePoint[]) =>
          points.map((point, i) => (i > points.length - 30 ? { ...point, latencyMs: null } : point)),
      },
    },
  ],
  'HA-03': [
    { because: /nobody held 198\.18\.0\.100 before the return/, where: { from: '' } },
    ...pairUnderLoad,
    ...failed('nopreempt', 'record.load', 'record.slipMs'),
  ],
  'HA-04': pairUnderLoad,
  'HA-05': [didNot, ...pairUnderLoad, ...failed('backup-without-rules', 'record.load', 'record.slipMs')],
  'HA-18': [didNot, ...pairUnderLoad],
  'HA-19': [didNot, ...pairUnderLoad, ...failed('backup-dead', 'record.load', 'record.slipMs')],
  'HA-20': [didNot, ...pairUnderLoad],
  'HA-21': [didNot, ...pairUnderLoad],
  'HA-22': pairUnderLoad,
  'HA-09': [...pairUnderLoad, ...failed('advert-1s', 'record.load', 'record.slipMs')],
  'HA-13': [{ because: /d2 did not take over from d1/, where: { taken: false } }, ...pairUnderLoad],
  'HA-15': [
    ...loadAt('record'),
    { because: /failed before the fault/, where: { 'record.streams.0.points.0.latencyMs': null } },
    { because: /did not reach the service/, where: { 'record.streams.0.outage.contiguousMs': 400 } },
  ],
  'HA-07': [
    { because: /no advertisement of d1 was seen/, where: { 'priorities.before': null } },
    late('record.slipMs'),
    { mutant: 'weight-too-small', because: /timers were 400 ms late/, where: { 'record.slipMs': 400 } },
  ],
  'HA-08': [late('record.slipMs')],
  'HA-10': [{ because: /d2 did not take over from d1/, where: { taken: false } }, late('record.slipMs')],
  'HA-11': [didNot, late('record.slipMs')],
  'HA-16': [{ because: /no advertisement of d1 was seen/, where: { waits: [] } }, late('slipMs')],
  'HA-17': [
    { because: /partition did not happen: they heard/, where: { happened: false, evidence: 'they heard' } },
    { because: /only d1 held 198\.18\.0\.100 all along/, where: { 'record.owners.*.who': ['d1'] } },
    late('record.slipMs'),
  ],
});
