import { expect, it } from 'vitest';
import { droppedAt } from './drops.ts';

const table = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  213: 0100007F:D431 0100007F:1388 01 00000000:00000000 00:00000000 00000000     0        0 8023 2 0000000000000000 17
  380: 00000000:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1023 2 0000000000000000 4
`;

it('counts what was dropped at the ports that are asked about', () => {
  expect(droppedAt(new Set([0xd431]), table)).toBe(17);
  expect(droppedAt(new Set([0xd431, 0x44]), table)).toBe(21);
  expect(droppedAt(new Set([1]), table)).toBe(0);
});
