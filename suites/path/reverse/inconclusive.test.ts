import { inconclusiveWhen, type Unjudged } from '../../testing/inconclusive.ts';

const filtered: Unjudged[] = [
  { because: /no connection was tried/, where: { asked: 0 } },
  { because: /does not show IPReversePathFilter/, where: { 'servers.1.dropped': Number.NaN } },
  // As a stored observation has it.
  { because: /does not show IPReversePathFilter/, where: { 'servers.1.dropped': null } },
  { because: /no connection was answered/, where: { 'servers.*.answered': 0 } },
];

await inconclusiveWhen(import.meta.url, {
  'PP-05': [{ because: /the client sent no frame to the VIP/, where: { 'inner.frames': [] } }],
  'RP-01': [
    { because: /no real server sent any answer/, where: { 'inner.frames': [] } },
    {
      because: /no real server sent any answer/,
      where: { 'inner.frames': [] },
      spec: (spec) => ({ ...spec, services: spec.services.map((one) => ({ ...one, forward: 'nat' })) }),
    },
  ],
  'RP-02': [{ because: /no real server sent any answer/, where: { 'inner.frames': [] } }],
  'RP-03': [{ because: /our frames were not seen on the wire/, where: { sent: 0 } }],
  'RP-04': filtered,
  'RP-04@two-nics': filtered,
  'RP-05': [
    { because: /no real server filters strictly/, where: { 'servers.1.filter': 2 } },
    { because: /does not show IPReversePathFilter/, where: { 'servers.1.dropped': null } },
    { because: /none was asked; rs2 dropped 0/, where: { 'servers.1.answered': 0 } },
  ],
  'RP-06': [
    { because: /no connection was tried/, where: { answers: [] } },
    { because: /no rule that counts INVALID/, where: { 'servers.0.invalid': null } },
    { because: /nothing was tracked/, where: { 'servers.*.whole': 0 } },
  ],
  'RP-07': [
    { because: /nothing seen of rs2/, where: { 'servers.1.sources': [] } },
    { because: /nothing seen of none/, where: { servers: [] } },
  ],
  'RP-09': [
    { because: /no way from d1 to rs2/, where: { 'directors.0.to.1.source': '-' } },
    { because: /no way from a director to another host/, where: { 'directors.*.to': [] } },
  ],
  'RP-08': [
    { because: /no connection was tried/, where: { fromServer: [] } },
    { because: /no connection was tried/, where: { fromDirector: [] } },
  ],
});
