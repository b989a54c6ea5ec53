import type { Host } from '../model/host.ts';
import { runProgram } from '../programs/index.ts';

/**
 * Sends raw Ethernet frames from `host`, in this order, in one round trip.
 * @param o.device default `eth0`
 * @param o.gapMs pause between two frames; default 0
 * @throws {CommandFailed} when the interface is missing or down, or the right to send is.
 */
export async function inject(
  host: Host,
  frames: Uint8Array[],
  o: { device?: string; gapMs?: number } = {},
): Promise<void> {
  if (frames.length === 0) return;
  const input = `${frames.map((frame) => Buffer.from(frame).toString('hex')).join('\n')}\n`;
  await runProgram(host, 'inject', [o.device ?? 'eth0', (o.gapMs ?? 0) / 1000], { input });
}
