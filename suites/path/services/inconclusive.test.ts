import { inconclusiveWhen } from '../../testing/inconclusive.ts';

const lost = { ok: false, error: 'timeout' };

await inconclusiveWhen(import.meta.url, {
  'CT-01': [
    { because: /no entry for any connection was found/, where: { 'inner.whileHeld': [] } },
    { because: /entries are missing; .*after the close none/, where: { 'inner.afterClose': [] } },
  ],
  'OPS-01': [
    { because: /the director has no rules/, where: { saved: [] } },
    {
      because: /nothing could be restored where it was tried: Can't initialize ipvs/,
      where: { restored: [], complaints: "Can't initialize ipvs" },
    },
  ],
  'PP-10': [
    { because: /no rule, or no frame to a real server/, where: { 'inner.stored': [] } },
    { because: /no rule, or no frame to a real server/, where: { 'inner.onWire': [] } },
  ],
  'PP-11': [
    { because: /no datagram was answered/, where: { 'inner.answers.*.ok': false } },
    { because: /not every datagram was answered; 7 of 8/, where: { 'inner.answers.2': lost } },
  ],
  'PP-12': [
    { because: /no datagram was answered/, where: { 'inner.answers.*': lost } },
    { because: /not every datagram was answered; .*rs3 timeout/, where: { 'inner.answers.1': lost } },
  ],
  'PP-18': [
    { because: /the client has no SCTP: not supported/, where: { 'answers.*': 'no SCTP: not supported' } },
  ],
  'PP-19': [
    {
      because: /the ISAKMP datagram reached no real server/,
      where: { '': ({ owner: _, ...rest }: { owner: string }) => rest },
    },
    { because: /not all of our packets were seen/, where: { 'packets.3.into': 0 } },
  ],
  'PP-20': [{ because: /no connection was tried/, where: { 'inner.connections': [] } }],
  'PP-21': [
    { because: /no connection was tried/, where: { 'inner.servers': [] } },
    { because: /not every connection was answered; 5 of 6/, where: { 'inner.servers.0': 'timeout' } },
  ],
  'PP-25': [
    { because: /no SYN of the client was captured/, where: { 'inner.captured.connections': 0 } },
    { because: /d1 does not list the service/, where: { 'inner.shown': null } },
  ],
});
