import { inconclusiveWhen, type Unjudged } from '../testing/inconclusive.ts';

type Answered = { server?: string; error?: string };
const lost = ({ server: _, ...rest }: Answered): Answered => ({ ...rest, error: 'timeout' });

const sticking: Unjudged[] = [
  { because: /no connection was answered: \? \(timeout\)/, where: { 'inner.answers.*': lost } },
  { because: /not every connection was answered: \? \(timeout\)/, where: { 'inner.answers.0': lost } },
];
const notForwarded = (port: { servers: string[] }) => ({ ...port, servers: [] });

await inconclusiveWhen(import.meta.url, {
  'PST-01': sticking,
  'PST-02': sticking,
  'PST-03': [
    {
      because: /no connection was answered/,
      where: {
        inner: (seen: object) => ({ ...seen, fresh: { cip: '198.18.0.10', answered: false, left: [] } }),
      },
    },
    { because: /no connection was answered/, where: { 'inner.idle.*.server': '' } },
    {
      because: /198\.18\.\S+ got no connection to keep open/,
      where: { 'inner.busy.answered': false },
    },
    {
      because: /every template was prolonged/,
      where: { inner: ({ afterwards: _, ...rest }: { afterwards: unknown }) => rest },
    },
  ],
  'PST-04': [{ because: /no connection was answered/, where: { 'inner.quiesced': '' } }],
  'PST-04@forgetting': [{ because: /no connection was answered/, where: { quiesced: '' } }],
  'PST-05': [
    { because: /no reset was seen/, where: { 'inner.resetBy': [] } },
    {
      because: /no frame was captured: port 901 on none \(\? \(refused\)\)/,
      where: { 'inner.resetBy': [], 'inner.ports.*': notForwarded },
    },
  ],
  'PST-06': [
    { because: /the control connection: \? \(timeout\)/, where: { 'inner.control': '? (timeout)' } },
    {
      because: /no frame of the control connection was captured/,
      where: { 'inner.controlForwarded': 0, 'inner.passive': [] },
    },
    { because: /port 20 of the client was taken/, where: { 'inner.fromDataPort.outcome': 'local-port' } },
  ],
  'PST-07': [{ because: /no datagram was answered/, where: { 'inner.messages.*': lost } }],
  'PST-08': [
    {
      because: /no connection was answered/,
      where: { 'inner.clients.*.http': ['? (timeout)'], 'inner.clients.*.https': ['? (timeout)'] },
    },
    {
      because: /not every connection of 198\.18\.\S+ was answered: rs3 and \? \(timeout\)/,
      where: { 'inner.clients.0.https': ['? (timeout)'] },
    },
  ],
});
