import { inconclusiveWhen, type Unjudged } from '../../testing/inconclusive.ts';

/** What a connection says that nobody answered. */
const silent = { port: 2048, error: 'timeout' };
const unansweredBefore: Unjudged = { because: /before the failover: /, where: { before: [silent] } };
const notTaken: Unjudged = { because: /d2 did not take over from d1 in time/, where: { takenOver: false } };

await inconclusiveWhen(import.meta.url, {
  'SYN-01': [unansweredBefore, { because: /before the failover: /, where: { before: [] } }],
  'SYN-02': [
    { because: /not all connections were answered/, where: { before: [silent] } },
    { because: /not all connections were answered/, where: { talking: [] } },
    { because: /the capture has not all packets/, where: { 'talking.0.packets': 2 } },
  ],
  'SYN-03': [
    { because: /the silent connections did not come about/, where: { silent: [] } },
    { because: /the silent connections did not come about/, where: { 'silent.0.packets': 3 } },
    { because: /the talking connections did not come about/, where: { talking: [] } },
  ],
  'SYN-04': [{ because: /d1 sent no sync message/, where: { messages: [] } }],
  'SYN-05': [unansweredBefore],
  'SYN-06': [
    unansweredBefore,
    { because: /0 entries on d2; before the failover: rs1 rs1/, where: { 'before.*.server': 'rs1' } },
    { because: /1 entries on d2/, where: { known: 1 } },
  ],
  'SYN-07': [
    { because: /only 3 and \d+ packets were seen/, where: { 'plain.packets': 3 } },
    unansweredBefore,
  ],
  'SYN-08': [
    { because: /not all were answered/, where: { before: [silent] } },
    { because: /gave all connections to one thread/, where: { 'told.0.connections': 0 } },
  ],
  'SYN-09': [
    { because: /d2 does not balance at all/, where: { 'off.balanced': 0 } },
    {
      because: /answered, although nothing was balanced/,
      where: { 'withDaemon.answers.0': { port: 1, server: 'rs1' } },
    },
  ],
  'SYN-10': [
    { because: /at first: /, where: { before: [silent] } },
    { because: /d2 did not carry them on/, where: { takenOver: false } },
    { because: /d2 did not carry them on/, where: { 'onNewMaster.0': silent } },
  ],
  'SYN-11': [unansweredBefore],
  'SYN-12': [
    { because: /no connection was taken by the service of the mark/, where: { byMark: 0 } },
    { because: /before the failover: /, where: { 'kinds.0.before': [silent] } },
  ],
  'SYN-01@vrrp': [unansweredBefore, notTaken],
  'PST-01@vrrp': [
    { because: /no client on the segment/, where: { clients: [] } },
    { because: /before the failover: timeout/, where: { 'clients.0.before': 'timeout' } },
    notTaken,
  ],
});
