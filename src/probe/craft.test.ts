import { expect, it } from 'vitest';
import { internetChecksum } from './checksum.ts';
import { decodeFrame, icmpFrame, ipFrame, tcpFrame, udpFrame } from './frame.ts';

const ends = {
  srcMac: '02:00:00:00:00:01',
  dstMac: '02:00:00:00:00:64',
  srcIp: '198.18.0.1',
  dstIp: '198.18.0.100',
};
const ports = { srcPort: 40_000, dstPort: 80 };

it('puts IP and TCP options in front of the payload', () => {
  const options = { ipOptions: [0x9e, 4, 0xca, 0xfe], tcpOptions: [2, 4, 5, 0xb4] };
  const frame = decodeFrame(
    tcpFrame({ ...ends, ...ports, ...options, flags: ['syn'], payload: Uint8Array.from([1, 2, 3]) }),
    0,
  );
  expect(frame.ip).toMatchObject({ totalBytes: 24 + 24 + 3, headerChecksumOk: true });
  expect(frame.tcp).toMatchObject({ dstPort: 80, payloadBytes: 3, flags: { syn: true } });
});

it('carries any protocol', () => {
  const frame = decodeFrame(ipFrame({ ...ends, protocol: 50, payload: new Uint8Array(16) }), 0);
  expect(frame.ip).toMatchObject({ protocol: 50, totalBytes: 36, headerChecksumOk: true });
});

it('quotes a packet in an ICMP error that decodes to what was quoted', () => {
  const quoted = udpFrame({ ...ends, ...ports }).subarray(14, 14 + 28);
  const bytes = icmpFrame({ ...ends, type: 3, code: 4, rest: 1_200, payload: quoted });
  expect(decodeFrame(bytes, 0).icmp).toEqual({
    type: 3,
    code: 4,
    mtu: 1_200,
    quoted: { src: '198.18.0.1', dst: '198.18.0.100', protocol: 17, srcPort: 40_000, dstPort: 80 },
  });
  expect(internetChecksum(bytes.subarray(34, 34 + 8 + 28))).toBe(0);
});
