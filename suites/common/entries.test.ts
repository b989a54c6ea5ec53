import { expect, test } from 'vitest';
import type { Host } from '../../src/model/host.ts';
import { entriesByState, framesInto, statesIn, total } from './entries.ts';

test('entries are counted by state on the director, whose table is in hex', async () => {
  let script = '';
  const director = {
    exec: async (text: string) => {
      script = text;
      return { code: 0, stdout: 'SYN_RECV 12\nESTABLISHED 3\n', stderr: '' };
    },
  };
  const states = await entriesByState(director as unknown as Host, '198.18.0.9', 80);
  expect(states).toEqual({ SYN_RECV: 12, ESTABLISHED: 3 });
  expect(script).toContain('$2 == "C6120009" && $5 == "0050"');
  expect([total(states), statesIn(states), statesIn({})]).toEqual([15, '12 SYN_RECV, 3 ESTABLISHED', 'none']);
});

test('frames into an interface are its packets received, not its bytes', async () => {
  const dev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 100 1 0 0 0 0 0 0 100 1 0 0 0 0 0 0
  eth0: 7140000 100000 0 0 0 0 0 0 90 5 0 0 0 0 0 0
`;
  const host = { get: async () => Buffer.from(dev) } as unknown as Host;
  expect(await framesInto(host, 'eth0')).toBe(100_000);
  expect(await framesInto(host, 'eth1')).toBeNaN();
});
