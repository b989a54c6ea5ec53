import { expect, it } from 'vitest';
import { foldedIpv6, hashed6 } from './hash.ts';

it('folds the four words into one', () => {
  expect(foldedIpv6('::1')).toBe(1);
  expect(foldedIpv6('0:1::1')).toBe(0);
  expect(foldedIpv6('8000::')).toBe(0x80000000);
  expect(foldedIpv6('1234:5678:1111:1111:2222:2222:0:1')).toBe(0x12345678 ^ 0x11111111 ^ 0x22222222 ^ 1);
  expect(() => foldedIpv6('198.18.0.1')).toThrow('is not an IPv6 address');
});

it('gives each server as many buckets in a row as it weighs', () => {
  const servers = [
    { name: 'rs2', weight: 1 },
    { name: 'rs1', weight: 3 },
  ];
  // Bucket 0 is rs2's; the golden ratio's upper byte, 0x61 = 97, is the second of its round of four.
  expect(hashed6(servers, ['::', '::1'])).toEqual(['rs2', 'rs1']);
  expect(hashed6([], ['::'])).toEqual(['nobody']);
});
