import { type FileHandle, open } from 'node:fs/promises';
import type { RunEvent } from '../model/events.ts';

/** Reads a growing file of events; a line counts once it is complete. */
export class EventFollower implements AsyncDisposable {
  #offset = 0;
  #rest: Buffer = Buffer.alloc(0);
  private constructor(private readonly file: FileHandle) {}

  static async open(path: string): Promise<EventFollower> {
    return new EventFollower(await open(path, 'r'));
  }

  /** @returns the events that came since the last call. */
  async poll(): Promise<RunEvent[]> {
    const chunks: Buffer[] = [this.#rest];
    const chunk = Buffer.alloc(1 << 16);
    for (;;) {
      const { bytesRead } = await this.file.read(chunk, 0, chunk.length, this.#offset);
      if (bytesRead === 0) break;
      chunks.push(Buffer.from(chunk.subarray(0, bytesRead)));
      this.#offset += bytesRead;
    }
    const all = Buffer.concat(chunks);
    const end = all.lastIndexOf(0x0a) + 1;
    this.#rest = all.subarray(end);
    return all
      .subarray(0, end)
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as RunEvent);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file.close();
  }
}
