import { describe, expect, it } from 'vitest';
import { echoRequest6, neighbourSolicitation, solicitedNode, tcp6Frame, udp6Frame } from './craft6.ts';
import { decodeFrame } from './frame.ts';

const ends = {
  srcMac: '02:00:00:00:00:01',
  dstMac: '02:00:00:00:00:64',
  srcIp: 'fd00::1',
  dstIp: 'fd00::64',
  srcPort: 40_000,
  dstPort: 80,
};

/** A whole Ethernet frame in hex. */
const fromHex = (hex: string) => decodeFrame(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'), 0);

describe('decodeFrame', () => {
  it('reads an advertisement as a kernel sent it', () => {
    const frame = fromHex(`020c00000001020d0000000186dd
      6000000000203afffd64726c616200000198001800000100fd64726c616200000198001802500001
      8800969960000000fd64726c6162000001980018000001000201020d00000001`);
    expect(frame).toMatchObject({
      src: '02:0d:00:00:00:01',
      ip6: {
        src: 'fd64:726c:6162:0:198:18:0:100',
        dst: 'fd64:726c:6162:0:198:18:250:1',
        hopLimit: 255,
        protocol: 58,
        extensions: [],
        payloadBytes: 32,
      },
      icmp6: {
        type: 136,
        code: 0,
        checksumOk: true,
        nd: {
          target: 'fd64:726c:6162:0:198:18:0:100',
          linkLayer: '02:0d:00:00:00:01',
          router: false,
          solicited: true,
          override: true,
        },
      },
    });
  });

  it('reads TCP, and padding is no payload', () => {
    const frame = decodeFrame(
      tcp6Frame({ ...ends, seq: 7, hopLimit: 1, flowLabel: 0xabcde, flags: ['syn'] }),
      0,
    );
    expect(frame.ip6).toMatchObject({ hopLimit: 1, flowLabel: 0xabcde, protocol: 6 });
    expect(frame.tcp).toMatchObject({
      srcPort: 40_000,
      dstPort: 80,
      seq: 7,
      payloadBytes: 0,
      flags: { syn: true, ack: false },
    });
    expect(frame.ip).toBeUndefined();
  });

  it('finds UDP behind destination options', () => {
    const frame = decodeFrame(
      udp6Frame({ ...ends, destinationOptions: true, payload: Buffer.from('abc') }),
      0,
    );
    expect(frame.ip6).toMatchObject({ extensions: [60], protocol: 17, payloadBytes: 8 + 8 + 3 });
    expect(frame.udp).toEqual({ srcPort: 40_000, dstPort: 80, payloadBytes: 3 });
  });

  it('takes no ports from a later fragment', () => {
    const bytes = udp6Frame({ ...ends, destinationOptions: true });
    bytes[20] = 44;
    // Offset 1448, more to come, identification 9.
    bytes.set([17, 0, 0x05, 0xa9, 0, 0, 0, 9], 54);
    const frame = decodeFrame(bytes, 0);
    expect(frame.ip6).toMatchObject({ extensions: [44], fragment: { id: 9, offsetBytes: 1448, more: true } });
    expect(frame.udp).toBeUndefined();
  });

  it('reads the packet that an ICMPv6 error quotes', () => {
    const quoted = udp6Frame(ends).subarray(14, 62);
    const carrier = echoRequest6({ ...ends, srcIp: ends.dstIp, dstIp: ends.srcIp, id: 0 });
    const bytes = Uint8Array.from([...carrier.subarray(0, 54), 2, 0, 0, 0, 0, 0, 1280 >> 8, 0, ...quoted]);
    bytes[19] = 8 + quoted.length;
    expect(decodeFrame(bytes, 0).icmp6).toMatchObject({
      type: 2,
      checksumOk: false,
      mtu: 1280,
      quoted: { src: 'fd00::1', dst: 'fd00::64', protocol: 17, srcPort: 40_000, dstPort: 80 },
    });
  });

  it('survives any cut', () => {
    const bytes = neighbourSolicitation({
      senderMac: ends.srcMac,
      senderIp: ends.srcIp,
      targetIp: ends.dstIp,
    });
    for (let length = 0; length < bytes.length; length += 1) {
      expect(decodeFrame(bytes.subarray(0, length), 0).bytes).toBe(length);
    }
  });
});

describe('neighbourSolicitation', () => {
  const about = { senderMac: ends.srcMac, senderIp: ends.srcIp, targetIp: 'fd00::198:18:12:3456' };

  it('asks the group of the address, with a checksum that is right', () =>
    expect(decodeFrame(neighbourSolicitation(about), 0)).toMatchObject({
      dst: '33:33:ff:12:34:56',
      ip6: { dst: 'ff02::1:ff12:3456', hopLimit: 255 },
      icmp6: { type: 135, checksumOk: true, nd: { target: 'fd00::198:18:12:3456', linkLayer: ends.srcMac } },
    }));

  it('asks one alone', () =>
    expect(decodeFrame(neighbourSolicitation({ ...about, onlyMac: ends.dstMac }), 0)).toMatchObject({
      dst: ends.dstMac,
      ip6: { dst: about.targetIp },
      icmp6: { type: 135, checksumOk: true },
    }));

  it('refuses what is no address', () =>
    expect(() => solicitedNode('198.18.0.1')).toThrow('not an IPv6 address'));
});
