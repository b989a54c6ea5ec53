import { inconclusiveWhen, type Unjudged } from '../../testing/inconclusive.ts';

const refusal: Unjudged[] = [
  { because: /no connection was tried/, where: { answers: [] } },
  { because: /refused, and no host was seen refusing it/, where: { refusals: [] } },
];

await inconclusiveWhen(import.meta.url, {
  'PP-06': [
    { because: /no connection was ever answered/, where: { 'inner.connections.*.servers': [] } },
    {
      because: /2 of 7 were never answered/,
      where: { 'inner.connections.0.servers': [], 'inner.connections.3.servers': [] },
    },
  ],
  'PP-07': [{ because: /our segment was not seen on the wire/, where: { sent: 0 } }],
  'PP-08': refusal,
  'PP-09': refusal,
  'PP-16': [{ because: /no connection was tried/, where: { 'inner.answers': [] } }],
  'PP-26': [
    { because: /no frame of the client was captured/, where: { 'inner.rounds.*.frames': 0 } },
    { because: /no request was made/, where: { 'inner.rounds.*.asked.*.answers': [] } },
  ],
});
