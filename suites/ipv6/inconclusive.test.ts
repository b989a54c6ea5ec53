import { inconclusiveWhen, type Unjudged } from '../testing/inconclusive.ts';

type Frames = { dst: string; tcp?: unknown; icmp6?: { type: number } }[];
const without = (kind: (frame: Frames[number]) => boolean) => (frames: Frames) =>
  frames.filter((frame) => !kind(frame));

const asked: Unjudged[] = [
  { because: /no solicitation of ours was seen/, where: { asked: 0 } },
  { because: /rs2 answered no echo request, so silence says nothing/, where: { unheard: ['rs2'] } },
];

await inconclusiveWhen(import.meta.url, {
  'ND-01': asked,
  'ND-02': [
    { because: /d2 was given .* and does not have it/, where: { atOnce: [] } },
    { because: /no request was sent after the move/, where: { answers: [] } },
  ],
  'ND-03': [{ because: /no real server solicited anyone; 6 requests answered/, where: { sent: [] } }],
  'ND-04': [
    { because: /the client did not have .* at d1 before the move/, where: { before: null } },
    { because: /no request was sent after the move/, where: { answers: [] } },
  ],
  'ND-05': asked,
  'ND-06': [
    { because: /rs1 has no link-local address/, where: { address: '' } },
    { because: /d1 refused the address of the prefix too/, where: { 'taken.global': false } },
  ],
  'PP-03@ipv6': [
    { because: /no packet of ours was seen on the wire/, where: { frames: [] } },
    {
      because: /0 of 3 answered by time exceeded.*d1 did not reply to an echo request in time either/,
      where: { frames: without((frame) => frame.icmp6 !== undefined) },
    },
  ],
  'PP-05@ipv6': [
    { because: /0 frames of the client came in, 0 replies were seen/, where: { 'inner.frames': [] } },
  ],
  'PP-08@ipv6': [
    { because: /no connection was tried/, where: { errors: [] } },
    { because: /no packet of ours was seen on the wire/, where: { frames: [] } },
  ],
  'PP-14@ipv6': [
    { because: /our fragments, or our destination options, were not seen/, where: { 'inner.frames': [] } },
  ],
  'PP-17': [
    { because: /no request was tried/, where: { 'inner.answers': [] } },
    { because: /no request of the client reached the director/, where: { 'inner.frames': [] } },
  ],
  'PST-02@ipv6': [
    { because: /not every connection was answered/, where: { 'inner.connections.3.server': null } },
    { because: /not every connection was answered/, where: { 'inner.connections': [] } },
  ],
  'SCH-09@ipv6': [
    { because: /no connection was tried/, where: { 'inner.connections': [] } },
    { because: /the service has no real server/, where: { 'inner.order': [] } },
    { because: /1 of 40 connections were not answered/, where: { 'inner.connections.5.server': null } },
  ],
  'VIP-07': [
    { because: /not every real server has the VIP/, where: { 'inner.servers.0.vip': [] } },
    { because: /not every real server has the VIP/, where: { 'inner.servers': [] } },
  ],
});
