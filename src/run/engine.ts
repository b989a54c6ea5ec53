import { join } from 'node:path';
import { createVitest } from 'vitest/node';
import type { Emit } from './emit.ts';

/**
 * Runs one vitest file, in which `defineCases` has been called, to its end. Verdicts go out as events;
 * only what vitest could not even start is reported from here.
 */
export async function runEngine(root: string, file: string, jobPath: string, emit: Emit): Promise<void> {
  const problems: string[] = [];
  const vitest = await createVitest(
    'test',
    {
      config: false,
      root,
      include: [file],
      exclude: [],
      watch: false,
      pool: 'threads',
      fileParallelism: false,
      maxWorkers: 1,
      isolate: false,
      retry: 0,
      env: { DRLAB_JOB: jobPath },
      reporters: [
        {
          onTestModuleEnd(module) {
            problems.push(...module.errors().map((error) => error.stack ?? error.message));
          },
          onTestRunEnd(_, unhandled) {
            problems.push(...unhandled.map((error) => error.stack ?? error.message));
          },
        },
      ],
      server: { deps: { external: [/\/dist\//] } },
    },
    { cacheDir: join(process.env.TMPDIR ?? '/tmp', 'vite'), logLevel: 'silent' },
  );
  try {
    await vitest.start();
  } finally {
    await vitest.close();
    process.exitCode = 0;
  }
  for (const problem of problems)
    emit({
      type: 'fault',
      message: `the runner failed: ${problem.split('\n')[0]}`,
      exit: 70,
      stack: problem,
    });
}
