import { closeSync, openSync } from 'node:fs';
import { lastLine } from './console.ts';
import { minimalEnvironment } from './environment.ts';
import { attemptHost } from './host-attempt.ts';
import { startIsolated } from './isolated.ts';
import { namespaces } from './isolation.ts';
import { running } from './running.ts';
import type { RunningSandbox, Sandbox, SandboxJob } from './types.ts';

/** Namespaces on the kernel that runs already. */
export const hostSandbox: Sandbox = {
  kind: 'host',
  attempt: attemptHost,
  async start(job: SandboxJob): Promise<RunningSandbox> {
    const consoleFd = openSync(job.consolePath, 'a');
    try {
      const isolated = startIsolated({
        ...job,
        isolation: namespaces(),
        ownFolders: 'here',
        tables: 'probe',
        env: minimalEnvironment(job.env),
        runMiB: job.memoryMiB,
        stdin: job.interactive ? 'inherit' : 'ignore',
        stdout: job.interactive ? 'inherit' : consoleFd,
        stderr: job.interactive ? 'inherit' : consoleFd,
        foreground: job.interactive,
      });
      return running(isolated, job.interactive, ({ stage, code, problem }) => {
        const detail = stage === 'set-up' ? lastLine(job.consolePath) : undefined;
        return { code, ...(problem && { problem: detail ? `${problem}: ${detail}` : problem }) };
      });
    } finally {
      closeSync(consoleFd);
    }
  },
};
