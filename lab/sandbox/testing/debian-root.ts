import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../../../src/util/exists.ts';
import { packageRoot } from '../../../src/util/root.ts';
import { cacheDir } from '../../kernel/index.ts';
import { run } from '../../kernel/run.ts';
import { programs } from '../../machine/programs.ts';
import { asset } from '../assets.ts';
import { canUnshare } from '../probe.ts';

/** The root of another Debian, kept in the cache of this user, with all that drlab needs in it. */
export interface DebianRoot {
  suite: string;
  mirror: string;
}

/** A root that can be made here, or why it cannot. */
export async function debianRoot(suite: string): Promise<DebianRoot | { none: string }> {
  if (process.getuid?.() !== 0) return { none: 'only root can make the root of another Debian' };
  if (!(await exists('/usr/sbin/debootstrap'))) return { none: 'debootstrap is not installed' };
  const namespaces = await canUnshare();
  if (!namespaces.ok) return { none: namespaces.why };
  const mirror = await debianMirror();
  return mirror === undefined
    ? { none: 'apt of this machine fetches nothing from Debian' }
    : { suite, mirror };
}

/** Where this machine's packages come from. */
async function debianMirror(): Promise<string | undefined> {
  const debian = ['Created-By: Packages', 'Origin: Debian', 'Label: Debian'];
  const { stdout } = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)', ...debian]);
  return stdout.split('\n').find((uri) => /^(https?|file):/.test(uri));
}

/** Makes it unless it is there, which takes minutes. @returns its folder. */
export async function madeRoot({ suite, mirror }: DebianRoot): Promise<string> {
  const needed = programs().filter(({ purpose }) => purpose === 'start');
  const packages = [...new Set(['nodejs', ...needed.map((one) => one.package)])].sort();
  const script = asset('testing/debian-root.sh');
  const hash = createHash('sha256')
    .update(packages.join(' '))
    .update(await readFile(script));
  const folder = join(cacheDir(), 'roots', `${suite}-${hash.digest('hex').slice(0, 8)}`);
  const { code, stderr } = await run('/bin/sh', [script, folder, suite, mirror, ...packages]);
  if (code !== 0) throw new Error(`no root of ${suite} could be made: ${stderr.trim()}`);
  return folder;
}

/** Put before a program of that root: there this checkout is `/mnt/drlab`, and `out`, a folder here, is `/mnt/out`. */
export const inRoot = (root: string, out: string): string[] => [
  ...['unshare', '--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private'],
  ...['/bin/sh', asset('testing/in-root.sh'), root, packageRoot, out],
];
