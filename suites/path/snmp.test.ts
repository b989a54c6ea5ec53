import { expect, test } from 'vitest';
import { ipCounters } from './snmp.ts';

test('counters by the names in the line above them', () => {
  const text = '1000\nIp: Forwarding DefaultTTL InReceives InHdrErrors\nIp: 2 64 17 3\n';
  expect(ipCounters(text)).toEqual({ Forwarding: 2, DefaultTTL: 64, InReceives: 17, InHdrErrors: 3 });
});
