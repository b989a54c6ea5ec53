import { inconclusiveWhen } from '../../testing/inconclusive.ts';

await inconclusiveWhen(import.meta.url, {
  'PP-23': [
    { because: /no connection was tried/, where: { 'notAtAll.of': 0 } },
    { because: /no frame to a real server was captured/, where: { 'asAddress.forwarded': 0 } },
  ],
  'TOP-01': [
    { because: /a route could not be read/, where: { 'routes.1.route': '' } },
    { because: /a route could not be read/, where: { routes: [] } },
  ],
  'VIP-01': [
    { because: /our SYN was not seen on the wire/, where: { sent: 0 } },
    { because: /only 2 of 3 SYNs were seen on the wire/, where: { sent: 2, 'answers.0.kind': 'none' } },
  ],
  'VIP-02': [{ because: /no real server has a VIP as address/, where: { vips: [] } }],
  'VIP-03': [
    { because: /a real server has no route to c1/, where: { 'servers.0.after': '' } },
    { because: /no request was answered after the flap/, where: { answered: 0 } },
  ],
  'VIP-04': [
    { because: /no request was sent/, where: { 'inner.requests': 0 } },
    { because: /no request was sent/, where: { 'inner.servers': [] } },
  ],
  'VIP-05': [{ because: /no real server has a labelled VIP/, where: { 'inner.servers.0.label': 'lo' } }],
  'VIP-06': [
    { because: /no real server answered at all/, where: { sent: 0 } },
    { because: /no real server answered at all/, where: { 'answers.*.kind': 'none' } },
    { because: /only 2 of 3 answered at all/, where: { 'answers.0.kind': 'none' } },
  ],
  'VIP-08': [{ because: /no request was sent/, where: { 'inner.answers': [] } }],
});
