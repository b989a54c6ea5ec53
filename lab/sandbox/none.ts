import { closeSync, openSync } from 'node:fs';
import { asset } from './assets.ts';
import { startIsolated } from './isolated.ts';
import { bareFolder } from './isolation.ts';
import { running } from './running.ts';
import type { Sandbox, SandboxJob } from './types.ts';

/**
 * No sandbox: for labs whose hosts are elsewhere, in a Docker that runs or on machines that exist. The program is a
 * plain process of this user, with this user's environment (agents and keys of ssh), and ends with the outer one.
 */
export const noSandbox: Sandbox = {
  kind: 'none',
  attempt: async ({ elsewhere }) =>
    elsewhere
      ? { ok: true, why: 'the hosts of this lab are elsewhere' }
      : { ok: false, why: 'the hosts of this lab need a kernel to be built on' },
  async start(job: SandboxJob) {
    const consoleFd = openSync(job.consolePath, 'a');
    try {
      const own = Object.entries(process.env).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      const isolated = startIsolated({
        ...job,
        isolation: { ...bareFolder(), command: ['/bin/sh', asset('none.sh')] },
        env: { ...Object.fromEntries(own), ...job.env },
        runMiB: job.memoryMiB,
        stdin: job.interactive ? 'inherit' : 'ignore',
        stdout: job.interactive ? 'inherit' : consoleFd,
        stderr: job.interactive ? 'inherit' : consoleFd,
        foreground: job.interactive,
      });
      return running(isolated, job.interactive, ({ code, problem }) => ({
        code,
        ...(problem && { problem }),
      }));
    } finally {
      closeSync(consoleFd);
    }
  },
};
