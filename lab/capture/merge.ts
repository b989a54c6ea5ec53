/**
 * Several captures as one. Where no single point sees every frame (macvlan hands frames from sibling to sibling),
 * each host records what it sends, and the recordings are put together by time: each frame once, at its sender.
 */

const fileHeaderBytes = 24;
const recordHeaderBytes = 16;

/** Magic numbers as read in little-endian order: whose byte order, and what a fraction of a second is. */
const formats: Record<number, { littleEndian: boolean; fractionsPerS: bigint }> = {
  2712847316: { littleEndian: true, fractionsPerS: 1_000_000n },
  3569595041: { littleEndian: false, fractionsPerS: 1_000_000n },
  2712812621: { littleEndian: true, fractionsPerS: 1_000_000_000n },
  1295823521: { littleEndian: false, fractionsPerS: 1_000_000_000n },
};

export interface CapturePart {
  /** A whole pcap file. */
  pcap: Uint8Array;
  /** Added to every time in it: what the clock of its host lags behind, in nanoseconds. */
  clockOffsetNs?: bigint;
}

interface Frame {
  timeNs: bigint;
  /** As long on the wire. */
  originalBytes: number;
  bytes: Uint8Array;
}

/**
 * All frames in the order of their times; frames of the same time keep the order of the parts.
 * @returns a pcap file with microseconds, little endian.
 * @throws {Error} for what is no pcap file, and for parts of different link types.
 */
export function mergePcap(parts: CapturePart[]): Uint8Array {
  const files = parts.map(read);
  const linkTypes = [...new Set(files.map(({ linkType }) => linkType))];
  if (linkTypes.length > 1) throw new Error(`captures of different link types: ${linkTypes.join(', ')}`);
  const frames = files.flatMap((file) => file.frames);
  frames.sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0));
  const snapLength = Math.max(262_144, ...files.map((file) => file.snapLength));
  return write(frames, snapLength, linkTypes[0] ?? ethernet);
}

const ethernet = 1;

function read({ pcap, clockOffsetNs = 0n }: CapturePart): {
  linkType: number;
  snapLength: number;
  frames: Frame[];
} {
  const view = new DataView(pcap.buffer, pcap.byteOffset, pcap.byteLength);
  const format = pcap.length >= fileHeaderBytes ? formats[view.getUint32(0, true)] : undefined;
  if (!format) throw new Error('this is not a pcap file');
  const word = (at: number) => view.getUint32(at, format.littleEndian);
  const frames: Frame[] = [];
  let at = fileHeaderBytes;
  // A capture that was cut off may end within a record; what is whole counts.
  while (at + recordHeaderBytes <= pcap.length) {
    const end = at + recordHeaderBytes + word(at + 8);
    if (end > pcap.length) break;
    const fraction = (BigInt(word(at + 4)) * 1_000_000_000n) / format.fractionsPerS;
    frames.push({
      timeNs: BigInt(word(at)) * 1_000_000_000n + fraction + clockOffsetNs,
      originalBytes: word(at + 12),
      bytes: pcap.subarray(at + recordHeaderBytes, end),
    });
    at = end;
  }
  return { linkType: word(20) & 0xffff, snapLength: word(16), frames };
}

function write(frames: Frame[], snapLength: number, linkType: number): Uint8Array {
  const sizeBytes = frames.reduce(
    (sum, { bytes }) => sum + recordHeaderBytes + bytes.length,
    fileHeaderBytes,
  );
  const file = new Uint8Array(sizeBytes);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, snapLength, true);
  view.setUint32(20, linkType, true);
  let at = fileHeaderBytes;
  for (const { timeNs, originalBytes, bytes } of frames) {
    view.setUint32(at, Number(timeNs / 1_000_000_000n), true);
    view.setUint32(at + 4, Number((timeNs % 1_000_000_000n) / 1_000n), true);
    view.setUint32(at + 8, bytes.length, true);
    view.setUint32(at + 12, originalBytes, true);
    file.set(bytes, at + recordHeaderBytes);
    at += recordHeaderBytes + bytes.length;
  }
  return file;
}
