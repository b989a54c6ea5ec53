import { expect, test } from 'vitest';
import { syncFrame, syncMessages } from './messages.ts';

/** A classic pcap file, little endian, with one frame a second. */
function pcapOf(...frames: Uint8Array[]): Uint8Array {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt32LE(1, 20);
  const records = frames.map((frame, i) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(i + 1, 0);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    return Buffer.concat([record, frame]);
  });
  return Buffer.concat([header, ...records]);
}

const sender = { mac: '02:0d:00:00:00:01', ip: '198.18.0.1' };
const entry = { cip: '198.18.0.250', cport: 40_001, vip: '198.18.0.100', vport: 80, rip: '198.18.0.21' };

test('reads back what it makes', () => {
  const [first, second, ...more] = syncMessages(
    pcapOf(syncFrame({ sender, syncId: 7, entry }), syncFrame({ sender, syncId: 9, entry })),
  );
  expect(more).toEqual([]);
  expect(first).toEqual({
    tUs: 1_000_000,
    sender: sender.mac,
    group: '224.0.0.81',
    port: 8848,
    ttl: 1,
    syncId: 7,
    version: 1,
    records: [{ ...entry, protocol: 6, tUs: 1_000_000 }],
  });
  expect(second?.syncId).toBe(9);
});

test('stops where a message is cut off or lies about its size', () => {
  const frame = syncFrame({ sender, syncId: 7, entry });
  // Ethernet, IP and UDP take 42 bytes; the count is the fifth byte of the message, the size of an entry its eleventh.
  const tooMany = Uint8Array.from(frame).fill(200, 46, 47);
  expect(syncMessages(pcapOf(tooMany))[0]?.records).toHaveLength(1);
  const noSize = Uint8Array.from(tooMany).fill(0, 52, 54);
  expect(syncMessages(pcapOf(noSize))[0]?.records).toHaveLength(1);
});

test('leaves other datagrams alone', () => {
  const other = Uint8Array.from(syncFrame({ sender, syncId: 7, entry }));
  // Another address than one of a multicast group: the first byte of the destination.
  other[30] = 198;
  expect(syncMessages(pcapOf(other))).toEqual([]);
});
