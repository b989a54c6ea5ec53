import { inconclusiveWhen, type Unjudged } from '../testing/inconclusive.ts';
import type { Held } from './held.ts';

/** SCH-05 and others that compare connection by connection. */
const inOrder: Unjudged[] = [
  { because: /no connection was tried/, where: { 'inner.seen': [] } },
  { because: /connection 4 of 12 was not answered \(timeout\)/, where: { 'inner.seen.3': 'timeout' } },
];
/** Another server than it should be got the second connection, and somebody else opened one meanwhile. */
const disturbed = (held: unknown): unknown => {
  const { start, seen } = held as Held;
  const [first, ...others] = start.servers;
  const servers = first ? [{ ...first, active: seen.length + 1 }, ...others] : [];
  return { start, seen: seen.with(1, seen[2] ?? ''), end: { ...start, servers } };
};
/** SCH-09 and others that compare client by client. */
const byClient: Unjudged[] = [
  { because: /no connection was tried/, where: { 'inner.connections': [] } },
  { because: /1 of \d+ connections were not answered/, where: { 'inner.connections.4.to': 'timeout' } },
];
const uncertain: Unjudged[] = [
  { because: /no connection was tried/, where: { 'inner.seen': [] } },
  { because: /not every connection was answered: rs\d \?/, where: { 'inner.seen.1': '?' } },
];
const noScheduler: Unjudged = { because: /no scheduler is there/, where: { 'inner.seen': [] } };

await inconclusiveWhen(import.meta.url, {
  'SCH-01': uncertain,
  'SCH-02': uncertain,
  'SCH-04': inOrder,
  'SCH-05': [
    ...inOrder,
    {
      because: /other connections were opened meanwhile, 1 beside these/,
      where: { inner: disturbed },
    },
  ],
  'SCH-06': inOrder,
  'SCH-07': [{ because: /1 0 0 0 0 0 0 0 0 active/, where: { 'inner.sed.start.servers.0.active': 1 } }],
  'SCH-08': [{ because: /nothing was observed/, where: { inner: [] } }],
  'SCH-09': byClient,
  'SCH-10': byClient,
  'SCH-11': byClient,
  'SCH-12': byClient,
  'SCH-13': [
    { because: /no connection was tried/, where: { 'inner.before.connections': [] } },
    {
      because: /1 of 32 connections were not answered/,
      where: { 'inner.without.connections.4.to': 'timeout' },
    },
  ],
  'SCH-15': [
    { because: /no connection was tried/, where: { 'inner.before.connections': [] } },
    {
      because: /1 of 32 connections were not answered/,
      where: { 'inner.quiesced.connections.0.to': 'timeout' },
    },
  ],
  'SCH-18': inOrder,
  // Nothing that runs here has this scheduler.
  'SCH-21': [
    {
      because: /not every datagram was answered: rs1 1/,
      made: { start: { scheduler: 'twos', servers: [] }, seen: ['rs1'] },
    },
  ],
  'SCH-22': [
    { because: /not every connection was opened: $/, where: { 'inner.first': [] } },
    { because: /not every connection was opened: timeout/, where: { 'inner.first.0': 'timeout' } },
    { because: /the scheduler stayed rr/, where: { 'inner.between': 'rr' } },
  ],
  'SCH-23': [{ because: /no connection was held/, where: { 'inner.held': [] } }],
  'SCH-24': [
    { because: /no connection was answered/, where: { 'inner.quiesced': '' } },
    { because: /no connection was answered/, where: { 'inner.newServers': [] } },
  ],
  'SCH-25': [
    { because: /the servers had connections before/, where: { 'inner.limited.start.servers.0.active': 1 } },
    {
      because: /not every connection was answered or refused; .*rs1 3.*timeout 1/,
      where: { 'inner.limited.filling.2': 'timeout' },
    },
    {
      because: /not every connection was answered or refused; .*afterwards .*timeout/,
      where: { 'inner.limitedBelow.afterwards.4': 'timeout' },
    },
  ],
  'SCH-26': [
    {
      because: /not every connection was opened: timeout/,
      where: { 'inner.open.servers.0.active': 1, 'inner.opened.0': 'timeout' },
    },
  ],
  'SCH-G1': [
    noScheduler,
    {
      because: /wrr: the first connection was not answered: timeout/,
      where: { 'inner.seen.1.first': 'timeout' },
    },
    {
      because: /not every connection was answered; rr: rs3 was quiesced, then timeout/,
      where: { 'inner.seen.0.seen.0': 'timeout' },
    },
    {
      because: /not every connection was answered; lc: rs3 was quiesced, then $/,
      where: { 'inner.seen.2.seen': [] },
    },
  ],
  'SCH-G2': [
    noScheduler,
    {
      because: /not every connection was answered or refused; rr: .*timeout 1/,
      where: { 'inner.seen.0.seen.6': 'timeout' },
    },
    { because: /not every connection was answered or refused; rr: $/, where: { 'inner.seen.0.seen': [] } },
  ],
  'SCH-G3': [
    { because: /no scheduler is there/, where: { seen: [] } },
    { because: /no connection was tried/, where: { 'seen.3.seen': [] } },
  ],
});
