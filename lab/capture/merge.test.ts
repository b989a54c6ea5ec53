import { describe, expect, test } from 'vitest';
import { mergePcap } from './merge.ts';

interface Written {
  s: number;
  fraction: number;
  text: string;
  originalBytes?: number;
}

/** A pcap file as a capture program writes it. */
function pcap(
  frames: Written[],
  { magic = 0xa1b2c3d4, littleEndian = true, linkType = 1, cutBytes = 0 } = {},
): Uint8Array {
  const head = Buffer.alloc(24);
  const word = (buffer: Buffer, value: number, at: number) =>
    littleEndian ? buffer.writeUInt32LE(value, at) : buffer.writeUInt32BE(value, at);
  word(head, magic, 0);
  word(head, 65_535, 16);
  word(head, linkType, 20);
  const records = frames.map(({ s, fraction, text, originalBytes }) => {
    const record = Buffer.alloc(16);
    [s, fraction, text.length, originalBytes ?? text.length].forEach((value, i) => {
      word(record, value, 4 * i);
    });
    return Buffer.concat([record, Buffer.from(text)]);
  });
  const file = Buffer.concat([head, ...records]);
  return file.subarray(0, file.length - cutBytes);
}

/** What any reader of little-endian pcap files sees. */
function frames(file: Uint8Array): string[] {
  const buffer = Buffer.from(file);
  const seen: string[] = [];
  for (let at = 24; at < buffer.length; at += 16 + buffer.readUInt32LE(at + 8)) {
    const [s, us, bytes, original] = [0, 4, 8, 12].map((offset) => buffer.readUInt32LE(at + offset));
    seen.push(`${s}.${us} ${buffer.toString('latin1', at + 16, at + 16 + (bytes ?? 0))} ${original}`);
  }
  return seen;
}

describe('captures of several hosts as one', () => {
  test('frames are in the order of their times', () => {
    const client = pcap([
      { s: 1, fraction: 10, text: 'syn' },
      { s: 1, fraction: 40, text: 'ack' },
    ]);
    const director = pcap([{ s: 1, fraction: 20, text: 'syn' }]);
    const server = pcap([{ s: 1, fraction: 30, text: 'synack' }]);
    const merged = mergePcap([{ pcap: client }, { pcap: director }, { pcap: server }]);
    expect(frames(merged)).toEqual(['1.10 syn 3', '1.20 syn 3', '1.30 synack 6', '1.40 ack 3']);
  });

  test('frames of the same time keep the order of the parts', () => {
    const at = (text: string) => ({ pcap: pcap([{ s: 1, fraction: 1, text }]) });
    expect(frames(mergePcap([at('a'), at('b'), at('c')]))).toEqual(['1.1 a 1', '1.1 b 1', '1.1 c 1']);
  });

  test('a clock that lags behind is put right', () => {
    const early = { pcap: pcap([{ s: 1, fraction: 0, text: 'late' }]), clockOffsetNs: 2_500_000_000n };
    expect(frames(mergePcap([early, { pcap: pcap([{ s: 2, fraction: 0, text: 'first' }]) }]))).toEqual([
      '2.0 first 5',
      '3.500000 late 4',
    ]);
  });

  test('nanoseconds and the other byte order are understood', () => {
    const nano = pcap([{ s: 1, fraction: 2_000_999, text: 'n' }], { magic: 0xa1b23c4d });
    const big = pcap([{ s: 1, fraction: 1_000, text: 'b' }], { littleEndian: false });
    expect(frames(mergePcap([{ pcap: nano }, { pcap: big }]))).toEqual(['1.1000 b 1', '1.2000 n 1']);
  });

  test('what the snap length cut off is still known', () => {
    const cut = pcap([{ s: 1, fraction: 1, text: 'ab', originalBytes: 1500 }]);
    expect(frames(mergePcap([{ pcap: cut }]))).toEqual(['1.1 ab 1500']);
  });

  test('a record that was not written to its end is left out', () => {
    const file = pcap(
      [
        { s: 1, fraction: 1, text: 'whole' },
        { s: 1, fraction: 2, text: 'half' },
      ],
      { cutBytes: 2 },
    );
    expect(frames(mergePcap([{ pcap: file }]))).toEqual(['1.1 whole 5']);
  });

  test('no captures give a file without frames', () => {
    const empty = mergePcap([]);
    expect(empty.length).toBe(24);
    expect(frames(mergePcap([{ pcap: empty }, { pcap: pcap([{ s: 1, fraction: 1, text: 'x' }]) }]))).toEqual([
      '1.1 x 1',
    ]);
  });

  test('what cannot be merged is refused', () => {
    expect(() => mergePcap([{ pcap: Buffer.from('tcpdump: no such device') }])).toThrow(/not a pcap/);
    expect(() => mergePcap([{ pcap: pcap([]) }, { pcap: pcap([], { linkType: 113 }) }])).toThrow(
      /link types: 1, 113/,
    );
  });
});
