import type { RunningCapture } from '../../src/model/lab.ts';
import { mergePcap } from './merge.ts';

/** Captures on several hosts as one; each must record only what its host sends. */
export class MergedCapture implements RunningCapture {
  private constructor(private readonly parts: RunningCapture[]) {}

  /** All or none: when one cannot start, those that did are ended. */
  static async start(starting: Promise<RunningCapture>[]): Promise<MergedCapture> {
    const outcomes = await Promise.allSettled(starting);
    const parts = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = outcomes.find((one) => one.status === 'rejected');
    if (!failed) return new MergedCapture(parts);
    await Promise.all(parts.map((part) => part[Symbol.asyncDispose]()));
    throw failed.reason;
  }

  async stop(): Promise<Uint8Array> {
    const files = await Promise.all(this.parts.map((part) => part.stop()));
    return mergePcap(files.map((pcap) => ({ pcap })));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.parts.map((part) => part[Symbol.asyncDispose]()));
  }
}
