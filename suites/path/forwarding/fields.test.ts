import { expect, test } from 'vitest';
import { tcpFrame } from '../../../src/probe/frame.ts';
import { differences, ipBytes } from './fields.ts';

const syn = (more: Partial<Parameters<typeof tcpFrame>[0]>): Buffer =>
  ipBytes(
    tcpFrame({
      srcMac: '02:00:00:00:00:01',
      dstMac: '02:00:00:00:00:02',
      srcIp: '198.18.0.1',
      dstIp: '198.18.0.100',
      srcPort: 40_000,
      dstPort: 80,
      flags: ['syn'],
      ...more,
    }),
  );

test('a hop may change the TTL, and nothing else', () => {
  expect(differences(syn({ ttl: 64 }), syn({ ttl: 63 }))).toEqual([]);
  expect(differences(syn({}), syn({ tos: 3 }))).toEqual(['DSCP and ECN']);
  expect(differences(syn({}), syn({ dstIp: '198.18.1.1' }))).toEqual(['destination address', 'TCP checksum']);
});

test('options and data are told apart', () => {
  const mss = (low: number) => syn({ tcpOptions: [2, 4, 5, low], ipOptions: [1, 1, 1, 0] });
  expect(differences(mss(180), mss(181))).toEqual(['TCP checksum', 'TCP options']);
  expect(differences(syn({ ipOptions: [1, 1, 1, 1] }), syn({ ipOptions: [1, 1, 1, 0] }))).toEqual([
    'IP options',
  ]);
  const data = (byte: number) => syn({ payload: Uint8Array.from([byte]) });
  expect(differences(data(1), data(2))).toEqual(['TCP checksum', 'data']);
});
