import { inconclusiveWhen } from '../../testing/inconclusive.ts';

await inconclusiveWhen(import.meta.url, {
  'PP-03': [{ because: /our packets were not seen entering the director/, where: { sent: 0 } }],
  'PP-13': [
    { because: /our packet was not seen entering the director/, where: { 'fullSize.into': 0 } },
    // Whoever was given to a real server that is silent has sent nothing large.
    {
      because: /no packet of the upload that is too large .* reached d1: timeout/,
      where: {
        oversize: 0,
        needed: [],
        'answer.ok': false,
        answer: (answer: object) => ({ ...answer, error: 'timeout' }),
      },
    },
  ],
  'PP-14': [
    { because: /no fragment was seen entering the director/, where: { in: [] } },
    { because: /answered, and no fragment was seen behind the director/, where: { out: [] } },
  ],
  'PP-15': [
    { because: /no connection came about/, where: { errors: [] } },
    { because: /not all of our ICMP errors were seen/, where: { 'errors.4.into': 0 } },
  ],
  'TOP-03': [
    { because: /4 of 5 requests of c1 were seen on the wire/, where: { sent: 4 } },
    { because: /0 of 0 requests of c1 were seen on the wire/, where: { sent: 0, hosts: [] } },
    { because: /an MTU could not be read/, where: { 'hosts.2.mtu': 0 } },
  ],
});
