import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Host } from '../model/host.ts';
import { internetChecksum } from './checksum.ts';
import { tcpFrame } from './craft.ts';
import { type Flood, flood } from './flood.ts';
import { decodeFrame } from './frame.ts';

const base: Flood = {
  srcMac: '02:00:00:00:00:01',
  dstMac: '02:00:00:00:00:02',
  srcIp: '198.18.0.9',
  dstIp: '198.18.0.100',
  dstPort: 80,
  fromPort: 1024,
  count: 3,
};

/** A host that runs the program with its `send` replaced by printing. */
async function sentBy(o: Flood): Promise<Uint8Array[]> {
  let frames: Uint8Array[] = [];
  const host = {
    run: async ([program = '', e = '', text = '', ...words]: string[]) => {
      const tame = text
        .replace(/^socket my.*\n^ioctl.*\n^my \$link.*\n/m, 'my ($socket, $link);\n')
        .replace('defined send $socket, $frame, 0, $link', 'print unpack("H*", $frame), "\\n"');
      const out = execFileSync(program, [e, tame, ...words], { encoding: 'utf8' });
      frames = out
        .trim()
        .split('\n')
        .map((line) => Buffer.from(line, 'hex'));
      return { code: 0, stdout: '', stderr: '' };
    },
  };
  await flood(host as unknown as Host, o);
  return frames;
}

/** 0 when the checksum of the segment is right. */
function remainder(frame: Uint8Array): number {
  const segment = frame.subarray(34, 54);
  return internetChecksum(Uint8Array.from([...frame.subarray(26, 34), 0, 6, 0, segment.length, ...segment]));
}

describe('flood', () => {
  it('sends one SYN from each port, with checksums that are right', async () => {
    const frames = await sentBy({ ...base, fromPort: 65_000 });
    expect(frames.map((frame) => decodeFrame(frame, 0).tcp?.srcPort)).toEqual([65_000, 65_001, 65_002]);
    expect(frames.every((frame) => decodeFrame(frame, 0).tcp?.flags.syn)).toBe(true);
    expect(frames.map(remainder)).toEqual([0, 0, 0]);
  });

  it('is made of the frames that checks craft', async () => {
    const [syn, ack, fin] = await sentBy({ ...base, count: 1, segments: 'fin' });
    const common = { ...base, srcPort: base.fromPort };
    const later = { ...common, seq: 1001, ack: 1 };
    expect(syn).toEqual(Buffer.from(tcpFrame({ ...common, seq: 1000, flags: ['syn'] })));
    expect(ack).toEqual(Buffer.from(tcpFrame({ ...later, flags: ['ack'] })));
    expect(fin).toEqual(Buffer.from(tcpFrame({ ...later, flags: ['fin', 'ack'] })));
  });

  it('can make them wrong, so that real servers stay silent', async () => {
    const frames = await sentBy({ ...base, validChecksum: false });
    expect(frames.some((frame) => remainder(frame) === 0)).toBe(false);
  });

  it('sends ACK and FIN after each SYN', async () => {
    const frames = await sentBy({ ...base, count: 2, segments: 'fin' });
    const flags = frames.map((frame) => decodeFrame(frame, 0).tcp?.flags);
    expect(flags.map((one) => (one?.syn ? 'S' : one?.fin ? 'F' : 'A')).join('')).toBe('SAFSAF');
    expect(frames.map(remainder)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('is bounded', async () => {
    await expect(flood({} as Host, { ...base, count: 50_001 })).rejects.toThrow('out of bounds');
    await expect(flood({} as Host, { ...base, fromPort: 65_535 })).rejects.toThrow('out of bounds');
  });
});
