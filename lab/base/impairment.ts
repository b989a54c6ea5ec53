import type { Impairment } from '../../src/model/spec.ts';

/**
 * One `tc -batch` line that puts the impairment on what leaves through the device; empty where there is none.
 * The queue holds what is on the way (delay) plus 50 ms of what waits (rate), as a real port would.
 */
export function qdiscLine(device: string, link: Impairment): string {
  const words: string[] = [];
  if (link.delayUs > 0 || link.jitterUs > 0) {
    words.push(`delay ${link.delayUs}us${link.jitterUs > 0 ? ` ${link.jitterUs}us` : ''}`);
  }
  if (link.lossPercent > 0) words.push(`loss ${link.lossPercent}%`);
  if (link.rateBitPerS > 0) words.push(`rate ${link.rateBitPerS}bit`);
  if (words.length === 0) return '';
  return `qdisc add dev ${device} root netem limit ${queuePackets(link)} ${words.join(' ')}\n`;
}

function queuePackets(link: Impairment): number {
  if (link.rateBitPerS === 0) return 100_000;
  const fullPacketBits = 12_000;
  const heldS = (link.delayUs + link.jitterUs) / 1e6 + 0.05;
  return Math.min(100_000, Math.max(50, Math.ceil((link.rateBitPerS * heldS) / fullPacketBits)));
}
