import { inconclusiveWhen, type Unjudged } from '../testing/inconclusive.ts';

/** Nobody answered past the director, and nothing there counts. */
const after = { requester: 'c1', vips: [], notAsked: 'made up', packets: [] };
/** Of checks that only measure nothing is recorded: these observations are made up. */
const seen = (...done: object[]) => ({ inner: { done, lacking: ['mh'] }, after });

const nothing = /nothing was measured; the kernel has no mh/;
const sixty = (name: string): string[] => Array<string>(60).fill(name);
const moving = { before: sixty('rs3'), without: sixty('rs1'), again: sixty('rs3'), left: 'rs3' };

const ofMoving: Unjudged[] = [
  { because: nothing, made: seen() },
  {
    because: /not every connection was answered with sh/,
    made: seen({ ...moving, scheduler: 'sh', again: ['timeout', ...sixty('rs3').slice(1)] }),
  },
  {
    because: /rs3 was still asked with rr/,
    made: seen({ ...moving, scheduler: 'rr', without: ['rs3', ...sixty('rs1').slice(1)] }),
  },
];

await inconclusiveWhen(import.meta.url, {
  'BAL-01': [
    { because: nothing, made: seen() },
    {
      because: /with rr only 59 were answered/,
      made: seen({ scheduler: 'rr', answered: ['timeout', ...sixty('rs1').slice(1)] }),
    },
  ],
  'BAL-02': [
    { because: /nothing was measured/, where: { 'inner.done': [] } },
    { because: /not every connection was answered with sh/, where: { 'inner.done.0.rounds.1.7': 'timeout' } },
    { because: /not every connection was answered with mh/, where: { 'inner.done.1.rounds': [] } },
  ],
  'BAL-03': ofMoving,
});
