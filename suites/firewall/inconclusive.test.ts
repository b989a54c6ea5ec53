import { inconclusiveWhen, type Unjudged } from '../testing/inconclusive.ts';

const unsent: Unjudged = { because: /our SYNs were not seen on the wire/, where: { sent: 0 } };
const none = { in: 0, out: 0 };
const anyPort = Array.from({ length: 1_008 }, (_, i) => 1_024 + i);

await inconclusiveWhen(import.meta.url, {
  'FW-01': [
    { because: /nothing of a client reached the director on some ports/, where: { 'inner.0.first': none } },
    { because: /nothing of a client reached the director on some ports/, where: { inner: [] } },
  ],
  'FW-02': [
    { because: /no connection was tried/, where: { 'inner.answers': [] } },
    { because: /FORWARD does not drop, so this shows nothing/, where: { 'inner.forward.policy': 'ACCEPT' } },
  ],
  'FW-03': [
    { because: /nothing went through the director/, where: { 'inner.first': none } },
    { because: /nothing went through the director/, where: { 'inner.sources': [] } },
  ],
  'FW-04': [{ because: /no connection got past its SYN/, where: { 'inner.later': none } }],
  'FW-05': [
    { because: /no connection was closed/, where: { 'inner.last': none } },
    { because: /entries are missing/, where: { 'inner.states': ['FIN_WAIT'] } },
  ],
  'FW-06': [
    unsent,
    {
      because: /none of the SYNs from all over the ports by rs2/,
      where: { 'swept.1.silent': anyPort },
    },
    { because: /none of the SYNs from all over the ports/, where: { swept: [] } },
  ],
  'FW-07': [unsent],
  'FW-08': [
    { because: /no real server answered/, where: { sent: 0 } },
    { because: /no real server answered/, where: { 'knocks.*.answer': 'none' } },
    {
      because: /rs1 has no route back to the client .*no rule was asked/,
      mutant: 'only-director-accepted',
      where: {
        '': (seen: object) => ({
          ...seen,
          routes: [{ server: 'rs1', source: 'c1', route: 'RTNETLINK answers: Network is unreachable' }],
        }),
      },
    },
  ],
  'FW-09': [
    { because: /not all that we sent was seen on the wire/, where: { 'inner.inward': [] } },
    { because: /not all that we sent was seen on the wire/, where: { 'inner.expired': 0 } },
    { because: /not all that we sent was seen on the wire/, where: { 'inner.inward.1.into': 0 } },
    { because: /a real server does not count ICMP errors/, where: { 'inner.inward.1.taken': Number.NaN } },
  ],
  'FW-10': [
    { because: /no director is active; none hold/, where: { holders: [] } },
    { because: /no director is active; .*nobody advertised/, where: { sent: [] } },
    {
      because: /d1 and d2 hold .*; d1 and d2 do not agree \(HA-23\)/,
      where: {
        '': (seen: object) => ({
          ...seen,
          holders: ['d1', 'd2'],
          disagreement: 'd1 and d2 do not agree',
        }),
      },
    },
  ],
  'FW-11': [{ because: /no real server answered/, where: { 'inner.servers.*.left': 0 } }],
  'FW-12': [
    { because: /nothing was sent/, where: { 'inner.sent': 0 } },
    ...[0, 1, 2].map(
      (rule): Unjudged => ({
        because: /the counting rules are missing/,
        where: { 'inner.counted.rules': (all: unknown[]) => all.toSpliced(rule, 1) },
      }),
    ),
  ],
});
