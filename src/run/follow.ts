import { type FileHandle, open } from 'node:fs/promises';
import type { RunEvent } from '../model/events.ts';
import { eventSchema } from '../model/schema/events.ts';
import { parseStored } from '../model/stored/file.ts';
import { DrlabError, exitCode, messageOf } from '../util/errors.ts';

const expected = {
  hint: 'The inside of the sandbox reported something that drlab does not expect; the rest is kept.',
};

/** Reads a growing file of events; a line counts once it is complete. */
export class EventFollower implements AsyncDisposable {
  #offset = 0;
  #lines = 0;
  #rest: Buffer = Buffer.alloc(0);
  private constructor(
    private readonly file: FileHandle,
    private readonly path: string,
  ) {}

  static async open(path: string): Promise<EventFollower> {
    return new EventFollower(await open(path, 'r'), path);
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
      .map((line) => this.#event(line));
  }

  /** A line that does not conform is reported as a fault: what else was measured is not lost with it. */
  #event(line: string): RunEvent {
    this.#lines += 1;
    try {
      return parseStored(`${this.path}:${this.#lines}`, line, eventSchema, expected);
    } catch (error) {
      if (!(error instanceof DrlabError)) throw error;
      return { type: 'fault', message: messageOf(error), hint: expected.hint, exit: exitCode.bug };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file.close();
  }
}
