import { describe, expect, it } from 'vitest';
import { arpRequest, tcpFrame } from './frame.ts';
import { decodePcap } from './pcap.ts';

const request = arpRequest({
  senderMac: '02:00:00:00:00:01',
  senderIp: '198.18.0.1',
  targetIp: '198.18.0.9',
});
const syn = tcpFrame({
  srcMac: '02:00:00:00:00:01',
  dstMac: '02:00:00:00:00:02',
  srcIp: '198.18.0.1',
  dstIp: '198.18.0.2',
  srcPort: 1,
  dstPort: 2,
  flags: ['syn'],
});

function pcapOf(o: { little: boolean; nanos: boolean; linkType?: number; snapBytes?: number }): Uint8Array {
  const header = Buffer.alloc(24);
  const put32 = (b: Buffer, value: number, at: number) =>
    o.little ? b.writeUInt32LE(value, at) : b.writeUInt32BE(value, at);
  put32(header, o.nanos ? 0xa1b23c4d : 0xa1b2c3d4, 0);
  put32(header, o.linkType ?? 1, 20);
  const records = [request, syn].flatMap((frame, i) => {
    const record = Buffer.alloc(16);
    const kept = frame.subarray(0, o.snapBytes ?? frame.length);
    put32(record, 1_700_000_000 + i, 0);
    put32(record, o.nanos ? 5_500 : 5, 4);
    put32(record, kept.length, 8);
    put32(record, frame.length, 12);
    return [record, kept];
  });
  return Buffer.concat([header, ...records]);
}

describe('decodePcap', () => {
  for (const little of [true, false]) {
    for (const nanos of [true, false]) {
      it(`reads ${little ? 'little' : 'big'} endian with ${nanos ? 'ns' : 'µs'} stamps`, () => {
        const [first, second] = decodePcap(pcapOf({ little, nanos }));
        expect(first?.arp?.targetIp).toBe('198.18.0.9');
        expect(first?.tUs).toBeCloseTo(1_700_000_000_000_005 + (nanos ? 0.5 : 0), 0);
        expect(second?.tcp?.flags.syn).toBe(true);
      });
    }
  }

  it('keeps the length on the wire where the snap length cut', () => {
    const frames = decodePcap(pcapOf({ little: true, nanos: false, snapBytes: 34 }));
    expect(frames.map((frame) => frame.bytes)).toEqual([60, 60]);
    expect(frames[1]?.ip?.dst).toBe('198.18.0.2');
    expect(frames[1]?.tcp).toBeUndefined();
  });

  it('leaves out a last record that is cut off, wherever', () => {
    const whole = pcapOf({ little: true, nanos: false });
    for (const cut of [1, 59, 60, 70])
      expect(decodePcap(whole.subarray(0, whole.length - cut))).toHaveLength(1);
  });

  it('reads a view into a larger buffer', () => {
    const pcap = pcapOf({ little: true, nanos: false });
    const larger = Buffer.concat([Buffer.alloc(5, 0xff), pcap]);
    expect(decodePcap(larger.subarray(5))).toHaveLength(2);
  });

  it('says what is wrong with anything else', () => {
    expect(() => decodePcap(new Uint8Array(0))).toThrow('capture of 0 bytes');
    expect(() => decodePcap(Buffer.alloc(40, 'garbage'))).toThrow('unknown magic');
    expect(() => decodePcap(pcapOf({ little: true, nanos: false, linkType: 113 }))).toThrow('link type 113');
    const damaged = Buffer.from(pcapOf({ little: true, nanos: false }));
    damaged.writeUInt32LE(0x7fffffff, 32);
    expect(() => decodePcap(damaged)).toThrow('damaged at byte 24');
  });
});
