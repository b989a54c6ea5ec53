import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Host } from '../model/host.ts';
import { internetChecksum } from './checksum.ts';
import { type Flood, flood, floodFrames } from './flood.ts';
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

/** A host that runs the script with its `send` replaced by printing. */
async function sentBy(o: Flood): Promise<Uint8Array[]> {
  let frames: Uint8Array[] = [];
  const host = {
    exec: async (script: string, { input }: { input: string }) => {
      const tame = script
        .replace(/socket\(my.*\n/, 'my $s;\n')
        .replace(/my \$ifreq.*\nioctl.*\nmy \$to.*\n/, 'my $to;\n')
        .replace('defined send($s, $frame, 0, $to)', 'print unpack("H*", $frame), "\\n"');
      const out = execFileSync('sh', ['-c', tame], { input, encoding: 'utf8' });
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

describe('floodFrames', () => {
  it('has a half-open connection by default', () => expect(floodFrames(base)).toHaveLength(1));
});
