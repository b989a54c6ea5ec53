import { inconclusiveWhen, type Unjudged } from '../../testing/inconclusive.ts';

const unseenBehind: Unjudged = {
  because: /not seen on both sides of d1: MSS/,
  where: { 'passages.*.out': [] },
};
const unseenBefore = ({ in: _, ...rest }: { in?: string }) => rest;

await inconclusiveWhen(import.meta.url, {
  'PP-01': [{ because: /no request of the client reached a director/, where: { 'inner.frames': [] } }],
  'PP-02': [{ because: /no frame was seen on both sides of the director/, where: { 'inner.frames': [] } }],
  'PP-04': [
    unseenBehind,
    { because: /the checksums were not as crafted/, where: { 'passages.0.valid': false } },
  ],
  'PP-22': [
    { because: /ip_forward was «1», 6 connections/, where: { ipForward: '1' } },
    { because: /ip_forward was «0», 0 connections/, where: { answers: [] } },
  ],
  'PP-24': [
    unseenBehind,
    {
      because: /not seen on both sides of d1: an IP option/,
      where: { 'passages.2': (one: { in?: string }) => ({ ...unseenBefore(one), out: [] }) },
    },
  ],
  'TOP-02': [{ because: /no connection was tried/, where: { 'inner.answers': [] } }],
  'TOP-05': [{ because: /no connection was answered/, where: { answered: false } }],
});
