import { execFile } from 'node:child_process';

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end; a program that is not there ends with 127. */
export const run = (program: string, args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const options = { maxBuffer: 64 << 20, env: { ...process.env, LC_ALL: 'C' } };
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code === 'ENOENT' ? 127 : Number(error.code ?? Number.NaN);
      resolve({ code: Number.isNaN(code) ? null : code, stdout, stderr });
    });
  });
