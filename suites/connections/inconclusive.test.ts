import { inconclusiveWhen, type Unjudged } from '../testing/inconclusive.ts';

const unanswered: Unjudged = { because: /no connection was answered/, where: { whileGone: [] } };
const lost = ['? (timeout)', '? (timeout)'];
const taken = ['rs1', '? (local-port)'];

await inconclusiveWhen(import.meta.url, {
  'CT-02': [
    { because: /no entry for any connection was found/, where: { 'inner.rounds.*.establishedS': [] } },
    {
      because: /not every entry was found.*left none, 50 and 100 s/,
      where: { 'inner.rounds.1.establishedS': [] },
    },
    { because: /not every entry was found.*left 900, none and 300 s/, where: { 'inner.rounds.0.finS': [] } },
    { because: /not every entry was found.*left 300, 50 and none s/, where: { 'inner.rounds.1.udpS': [] } },
  ],
  'CT-03': [
    { because: /no connection was answered/, where: { server: '' } },
    { because: /no connection was answered/, where: { outcomes: [] } },
  ],
  'CT-04': [unanswered],
  'CT-04@forgetting': [unanswered],
  'CT-05': [
    { because: /mode 1: \? \(timeout\)/, where: { 'inner.modes.0.servers': lost } },
    { because: /mode 0: rs1 and \? \(local-port\)/, where: { 'inner.modes.1.servers': taken } },
    { because: /nothing was tried/, where: { 'inner.modes': [] } },
  ],
  'CT-05@forgetting': [{ because: /mode 2: rs1 and \? \(local-port\)/, where: { 'modes.1.servers': taken } }],
  'CT-06': [
    { because: /none of our SYNs created an entry/, where: { entries: 0 } },
    { because: /only 4000 of 4596 SYNs reached the director/, where: { received: 4000 } },
  ],
  'CT-07': [{ because: /does not say what is available/, where: { availableBytes: 0 } }],
  'CT-08': [
    { because: /no connection was answered/, where: { 'inner.servers.*.held': 0 } },
    { because: /no connection was answered/, where: { 'inner.servers.*.closed': 0 } },
  ],
  'CT-09': [{ because: /none of our segments created an entry/, where: { 'states.*.entries': [] } }],
  'CT-10': [
    { because: /d1 tracked nothing, not even/, where: { 'inner.own': 0 } },
    { because: /no connection was answered/, where: { 'inner.served': 0 } },
  ],
});
