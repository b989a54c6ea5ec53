import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** How this machine is looked at; tests put another in its place. */
export interface Probing {
  /** Runs a program that only tells something. `output` is both streams; `code` is null when it cannot start or hangs. */
  run(argv: string[]): Promise<{ code: number | null; output: string }>;
  /** The full path of a program, or undefined. */
  locate(program: string): Promise<string | undefined>;
  /** A text file, or undefined where it cannot be read. */
  read(path: string): Promise<string | undefined>;
  /** Whether the file may be read and written. */
  writable(path: string): Promise<boolean>;
}

/** PATH, and the folders of Debian that ordinary users often lack in theirs. */
const path = [process.env.PATH ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin'].join(delimiter);

const may = (file: string, mode: number) =>
  access(file, mode).then(
    () => true,
    () => false,
  );

export const thisMachine: Probing = {
  async run(argv) {
    // Loaded here, since most commands of drlab ask nothing of the machine.
    const { $ } = await import('zx/core');
    const quietly = $({
      nothrow: true,
      quiet: true,
      timeout: '5s',
      env: { ...process.env, PATH: path, LC_ALL: 'C' },
    });
    const { exitCode, stdall } = await quietly`${argv}`;
    return { code: exitCode, output: stdall };
  },
  async locate(program) {
    for (const folder of path.split(delimiter).filter(Boolean)) {
      const file = join(folder, program);
      if (await may(file, constants.X_OK)) return file;
    }
    return undefined;
  },
  read: (file) => readFile(file, 'utf8').catch(() => undefined),
  writable: (file) => may(file, constants.R_OK | constants.W_OK),
};
