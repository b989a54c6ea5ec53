import { expect, it } from 'vitest';
import { loadBetween, parseCounters } from './resources.ts';

const text = (o: {
  user: number;
  idle: number;
  soft: number;
  steal: number;
  drops: number;
  backlog: string;
}) =>
  `2f0a1b1c-1111-4222-8333-444455556666
cpu  1 2 3 4 5 6 7 8 0 0
cpu0 ${o.user} 0 0 ${o.idle} 0 0 ${o.soft} ${o.steal} 0 0
intr 12345 0 9
000a1b2c ${o.backlog} 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:  100 1 0 99 0 0 0 0 100 1 0 99 0 0 0 0
  eth0: 5000 9 0 ${o.drops} 0 0 0 0 7000 9 0 1 0 0 0 0
`;

it('reads what CPUs and interfaces did from four files at two moments', () => {
  const before = parseCounters(
    text({ user: 10, idle: 100, soft: 0, steal: 0, drops: 2, backlog: '00000001' }),
  );
  const after = parseCounters(
    text({ user: 40, idle: 120, soft: 40, steal: 10, drops: 7, backlog: '00000011' }),
  );
  const load = loadBetween(before, after, { host: 'd1', role: 'director' });
  expect(load).toEqual({
    host: 'd1',
    role: 'director',
    kernel: '2f0a1b1c-1111-4222-8333-444455556666',
    cpus: [{ busy: 0.8, softirq: 0.4, steal: 0.1 }],
    dropped: 5,
    backlogDropped: 16,
  });
});
