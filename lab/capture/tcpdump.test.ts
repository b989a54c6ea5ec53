import { expect, it } from 'vitest';
import { counters, isDrained } from './tcpdump.ts';

const said = `tcpdump: listening on br0, link-type EN10MB (Ethernet), snapshot length 262144 bytes
tcpdump: 1 packet captured, 3 packets received by filter, 0 packets dropped by kernel
3 packets captured
4 packets received by filter
1 packet dropped by kernel
`;

it('reads the counters that tcpdump prints on a signal and at its end', () => {
  expect(counters(said, 1)).toEqual({ captured: 1, received: 3, dropped: 0 });
  expect(counters(said, 2)).toEqual({ captured: 3, received: 4, dropped: 1 });
});

it('knows no report that was not made', () => {
  expect(counters(said, 3)).toBeUndefined();
});

it('waits for what had come when it was first asked, and for nothing that comes later', () => {
  const at = (captured: number, received: number, dropped = 0) => ({ captured, received, dropped });
  expect(isDrained([])).toBe(false);
  expect(isDrained([at(5, 9)])).toBe(false);
  expect(isDrained([at(5, 9), at(8, 20), at(9, 30)])).toBe(true);
  expect(isDrained([at(5, 9, 4)])).toBe(true);
  expect(isDrained(Array.from({ length: 3 }, () => at(5, 9)))).toBe(false);
  expect(isDrained(Array.from({ length: 4 }, () => at(5, 9)))).toBe(true);
});
