import { ProbeFailed } from './errors.ts';
import { decodeFrame, type Frame } from './frame.ts';

const magics = new Map([
  [0xa1b2c3d4, { ticksPerUs: 1 }],
  [0xa1b23c4d, { ticksPerUs: 1000 }],
]);
const ethernetLinkType = 1;
/** libpcap's own ceiling for a record; anything above means that the file is damaged. */
const maxRecordBytes = 262_144;

/**
 * Decodes a classic pcap file of Ethernet frames, in either byte order, with µs or ns stamps.
 * A last record that is cut off is left out: tcpdump ends like that when it is killed.
 * @throws {ProbeFailed} when it is no such file, or damaged in the middle.
 */
export const decodePcap = (bytes: Uint8Array): Frame[] => readPcap(bytes).map(({ frame }) => frame);

/** As `decodePcap`, with the bytes of each frame as they were captured. */
export function readPcap(bytes: Uint8Array): { frame: Frame; captured: Uint8Array }[] {
  if (bytes.length < 24) throw new ProbeFailed(`capture of ${bytes.length} bytes has no pcap header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = magics.has(view.getUint32(0, true));
  const format = magics.get(view.getUint32(0, little));
  if (!format) throw new ProbeFailed('capture is not a pcap file: unknown magic number');
  const linkType = view.getUint32(20, little) & 0xffff;
  if (linkType !== ethernetLinkType) throw new ProbeFailed(`capture has link type ${linkType}, not Ethernet`);

  const frames: { frame: Frame; captured: Uint8Array }[] = [];
  for (let at = 24; at + 16 <= bytes.length; ) {
    const capturedBytes = view.getUint32(at + 8, little);
    if (capturedBytes > maxRecordBytes) {
      throw new ProbeFailed(`capture is damaged at byte ${at}: a record of ${capturedBytes} bytes`);
    }
    const end = at + 16 + capturedBytes;
    if (end > bytes.length) break;
    const tUs = view.getUint32(at, little) * 1e6 + view.getUint32(at + 4, little) / format.ticksPerUs;
    const captured = bytes.subarray(at + 16, end);
    const frame = decodeFrame(captured, tUs);
    frame.bytes = view.getUint32(at + 12, little);
    frames.push({ frame, captured });
    at = end;
  }
  return frames;
}
