import type { ProbePoint } from '../../../src/model/measurement.ts';
import type { LabSpec, ServiceSpec } from '../../../src/model/spec.ts';
import { inconclusiveWhen } from '../../testing/inconclusive.ts';

const notOut = {
  because: /rs1 was not taken out: rs1 has weight 1/,
  where: { 'tables.removed': { rs1: 1 } },
};
const nobodyKnown = { because: /no client had a template for rs1/, where: { 'known.client': '' } };
const nothingHeld = { because: /rs1 held no connection before/, where: { 'held.removed': [] } };

const served = (spec: LabSpec, otherwise: Partial<ServiceSpec>): LabSpec => ({
  ...spec,
  services: spec.services.map((service) => ({ ...service, ...otherwise })),
});

const lastFails = (points: ProbePoint[]): ProbePoint[] =>
  points.map((point, i) =>
    i === points.length - 1 ? { ...point, latencyMs: null, error: 'timeout' } : point,
  );

await inconclusiveWhen(import.meta.url, {
  'HC-01': [{ because: /none of them refused/, where: { 'record.streams.0.points': lastFails } }],
  'HC-01@hang': [
    {
      because: /the fault did not happen: it answers/,
      where: { evidence: { happened: false, sentence: 'it answers' } },
    },
  ],
  'HC-02': [
    {
      because: /with wlc that need not be its turn/,
      where: { answersAfterReturn: 0 },
      spec: (spec) => served(spec, { scheduler: 'wlc' }),
    },
    {
      because: /the service is persistent/,
      where: { answersAfterReturn: 0 },
      spec: (spec) => served(spec, { persistenceS: 60 }),
    },
  ],
  'HC-03': [
    { because: /no real server is in the table/, where: { weights: {} } },
    { because: /does d1 have accept_local=1/, where: { 'probed.0.throughVip': null } },
  ],
  'HC-04': [{ because: /did not see the death/, where: { plain: { rs1: 1 }, inhibited: { rs1: 1 } } }],
  'HC-05': [{ because: /^0 dead: .*; 1 dead: /, where: { steps: (steps: unknown[]) => steps.slice(0, 3) } }],
  'HC-06': [{ because: /rs1 was not seen in the table without alpha/, where: { plainHadIt: false } }],
  'HC-07': [{ because: /not every fault was tried/, where: { faults: [] } }],
  'HC-08': [{ because: /no health check of rs1 was seen/, where: { sources: [] } }],
  'HC-09': [
    { because: /2 refused/, where: { refused: 2 } },
    { because: /it was kept when all were refused/, where: { removedByMore: false } },
  ],
  'HC-10': [notOut, nothingHeld, nobodyKnown],
  'HC-10@forgetting': [notOut, nothingHeld, nobodyKnown],
  'HC-12': [nothingHeld, { because: /nothing of port 82 either/, where: { 'frames.82': 0 } }],
});
