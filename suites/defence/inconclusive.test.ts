import { inconclusiveWhen } from '../testing/inconclusive.ts';

await inconclusiveWhen(import.meta.url, {
  'DOS-01': [
    { because: /only 40 of 60 SYNs were seen on the wire/, where: { sent: 40 } },
    { because: /only 0 of 54 ACKs were seen on the wire/, where: { acks: 0, acksForwarded: 0 } },
  ],
  'DOS-02': [
    { because: /none of our segments created an entry/, where: { halfOpen: 0 } },
    { because: /none of our segments created an entry/, where: { established: 0 } },
  ],
  'DOS-03': [
    { because: /none of our segments created an entry/, where: { afterSyn: {} } },
    { because: /none of our segments created an entry/, where: { afterAck: {} } },
  ],
  'DOS-04': [
    { because: /no connection was answered/, where: { 'inner.served': 0 } },
    { because: /rs2 does not tell about its cookies/, where: { 'inner.servers.1.sent': Number.NaN } },
    { because: /rs1 does not tell about its cookies/, where: { 'inner.servers.0.received': null } },
  ],
  'DOS-05': [
    { because: /no connection was answered before the flood/, where: { 'inner.held': 0 } },
    { because: /the flood of 3000 SYNs left no entry/, where: { 'inner.entries': 0 } },
  ],
  'SCL-01': [
    { because: /none of our SYNs created an entry/, where: { 'inner.entries': 0 } },
    { because: /only 9000 of 10000 SYNs reached the director/, where: { 'inner.received': 9000 } },
  ],
  'SCL-02': [
    { because: /none of our SYNs created an entry/, where: { entries: 0 } },
    { because: /d1 tracked nothing, not even/, where: { own: 0 } },
  ],
  'SCL-03': [
    { because: /only 0 of our 10000 entries were seen/, where: { 'inner.entries': {} } },
    { because: /only 900 of our 10000 entries were seen/, where: { 'inner.entries': { FIN_WAIT: 900 } } },
    { because: /no connection was tried meanwhile/, where: { 'inner.asked': 0, 'inner.answered': 0 } },
  ],
});
