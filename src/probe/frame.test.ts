import { describe, expect, it } from 'vitest';
import { arpRequest, decodeFrame, tcpFrame, udpFrame } from './frame.ts';
import { macBytes } from './mac.ts';

const ends = {
  srcMac: '02:00:00:00:00:01',
  dstMac: '02:00:00:00:00:64',
  srcIp: '198.18.0.1',
  dstIp: '198.18.0.100',
  srcPort: 40_000,
  dstPort: 80,
};

describe('arpRequest', () => {
  it('asks everyone, in the name of the sender', () => {
    const frame = decodeFrame(
      arpRequest({ senderMac: '02:00:00:00:00:01', senderIp: '198.18.0.1', targetIp: '198.18.0.100' }),
      7,
    );
    expect(frame).toMatchObject({
      tUs: 7,
      src: '02:00:00:00:00:01',
      dst: 'ff:ff:ff:ff:ff:ff',
      etherType: 0x0806,
      bytes: 60,
      arp: {
        op: 1,
        senderMac: '02:00:00:00:00:01',
        senderIp: '198.18.0.1',
        targetMac: '00:00:00:00:00:00',
        targetIp: '198.18.0.100',
      },
    });
  });

  it('refuses what is no address', () => {
    expect(() =>
      arpRequest({ senderMac: '02:00', senderIp: '198.18.0.1', targetIp: '198.18.0.100' }),
    ).toThrow('not a MAC');
    expect(() =>
      arpRequest({ senderMac: '02:00:00:00:00:01', senderIp: 'rs1', targetIp: '198.18.0.100' }),
    ).toThrow('not an IPv4');
  });
});

describe('tcpFrame', () => {
  it('decodes to what was asked for, and padding is no payload', () => {
    const frame = decodeFrame(tcpFrame({ ...ends, seq: 0xfffffff0, ttl: 1, id: 0x1234, flags: ['syn'] }), 0);
    expect(frame.ip).toMatchObject({
      src: '198.18.0.1',
      dst: '198.18.0.100',
      ttl: 1,
      id: 0x1234,
      protocol: 6,
      totalBytes: 40,
      dontFragment: true,
      headerChecksumOk: true,
    });
    expect(frame.tcp).toMatchObject({
      srcPort: 40_000,
      dstPort: 80,
      seq: 0xfffffff0,
      payloadBytes: 0,
      flags: { syn: true, ack: false, fin: false, rst: false, psh: false },
    });
  });

  it('has the checksum that a receiver computes, for odd lengths too', () => {
    const bytes = tcpFrame({ ...ends, flags: ['ack'], payload: Buffer.from('abc') });
    expect(decodeFrame(bytes, 0).tcp?.payloadBytes).toBe(3);
    expect(onesSum([...bytes.subarray(26, 34), 0, 6, 0, 23, ...bytes.subarray(34, 57), 0])).toBe(0xffff);
  });
});

describe('decodeFrame', () => {
  it('reads UDP behind an 802.1Q tag', () => {
    const plain = udpFrame({ ...ends, dstPort: 53, payload: Buffer.from('x'.repeat(50)) });
    const tagged = Uint8Array.from([...plain.subarray(0, 12), 0x81, 0, 0, 5, ...plain.subarray(12)]);
    expect(decodeFrame(tagged, 0)).toMatchObject({
      etherType: 0x0800,
      udp: { srcPort: 40_000, dstPort: 53, payloadBytes: 50 },
    });
  });

  it('notices a header checksum that is wrong', () => {
    const bytes = udpFrame(ends);
    bytes[22] = 63;
    expect(decodeFrame(bytes, 0).ip?.headerChecksumOk).toBe(false);
  });

  it('reads the packet that an ICMP error quotes', () => {
    const quoted = udpFrame(ends).subarray(14, 42);
    const carrier = udpFrame({ ...ends, srcIp: '198.18.0.100', dstIp: '198.18.0.1' });
    const icmp = Uint8Array.from([
      ...carrier.subarray(0, 34),
      3,
      4,
      0,
      0,
      0,
      0,
      1200 >> 8,
      1200 & 255,
      ...quoted,
    ]);
    icmp[23] = 1;
    expect(decodeFrame(icmp, 0).icmp).toEqual({
      type: 3,
      code: 4,
      mtu: 1200,
      quoted: { src: '198.18.0.1', dst: '198.18.0.100', protocol: 17, srcPort: 40_000, dstPort: 80 },
    });
  });

  it('takes no ports from a later fragment', () => {
    const bytes = udpFrame({ ...ends, dontFragment: false });
    bytes[21] = 185;
    const frame = decodeFrame(bytes, 0);
    expect(frame.ip?.fragmentOffset).toBe(1480);
    expect(frame.udp).toBeUndefined();
  });

  it('survives any cut', () => {
    const bytes = tcpFrame({ ...ends, flags: ['syn'] });
    for (let length = 0; length < bytes.length; length += 1) {
      expect(decodeFrame(bytes.subarray(0, length), 0).bytes).toBe(length);
    }
  });
});

describe('macBytes', () => {
  it('reads six bytes', () => expect(macBytes('02:00:00:00:00:ff')).toEqual([2, 0, 0, 0, 0, 255]));
});

function onesSum(bytes: number[]): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) + (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

describe('IPIP', () => {
  const inside = tcpFrame({ ...ends, id: 7, flags: ['syn'] });
  const outer = (flags: number) =>
    Uint8Array.from([0x45, 0, 0, 60, 0, 9, flags, 0, 64, 4, 0, 0, 198, 18, 250, 2, 198, 18, 1, 1]);
  const wrapped = (flags: number) =>
    Uint8Array.from([...inside.subarray(0, 14), ...outer(flags), ...inside.subarray(14)]);

  it('decodes to the packet inside, with the header around it beside', () => {
    expect(decodeFrame(wrapped(0x40), 0)).toMatchObject({
      outer: { src: '198.18.250.2', dst: '198.18.1.1', protocol: 4, id: 9 },
      ip: { src: '198.18.0.1', dst: '198.18.0.100', protocol: 6, id: 7 },
      tcp: { srcPort: 40_000, dstPort: 80 },
    });
  });

  it('is not looked into where it was cut into fragments', () => {
    const frame = decodeFrame(wrapped(0x20), 0);
    expect(frame.ip).toMatchObject({ protocol: 4, moreFragments: true });
    expect([frame.outer, frame.tcp]).toEqual([undefined, undefined]);
  });
});
