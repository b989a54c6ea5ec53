import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../util/root.ts';
import { makeFolder } from './folders.ts';
import { packageVersion } from './package.ts';

/** Time, name and lab: sorts by age, and is unique for runs side by side. */
export function newRunId(labName: string): string {
  const time = new Date().toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${time}-${labName}-${randomBytes(2).toString('hex')}`;
}

/**
 * The folder that a run writes to, made now so that a refusal comes before the lab.
 * @throws {UsageError} when it cannot be written.
 */
export async function runFolder(out: string | undefined, id: string): Promise<string> {
  const dir = await makeFolder(out ?? join(packageRoot, 'reports', 'runs', id));
  await makeFolder(join(dir, 'raw'));
  return dir;
}

/** Removes the folder of a run that wrote nothing; one that holds anything stays. */
export async function dropUnused(dir: string): Promise<void> {
  for (const folder of [join(dir, 'raw'), dir]) await rmdir(folder).catch(() => {});
}

export async function ownVersion(): Promise<{ version: string; commit?: string }> {
  try {
    const { stdout } = await promisify(execFile)('git', ['-C', packageRoot, 'rev-parse', 'HEAD']);
    return { version: packageVersion, commit: stdout.trim() };
  } catch {
    // Not a checkout, or no git: the version alone says what ran.
    return { version: packageVersion };
  }
}

/** Aborted by Ctrl-C, TERM or HUP; a second Ctrl-C ends drlab at once. */
export function interruptible(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  return controller.signal;
}
