import { hostname } from 'node:os';
import type { SandboxJob } from './types.ts';

/** How the program's standard input reaches it. */
export type GuestStdin = 'none' | 'terminal' | 'stream';

/** One word of a POSIX shell. */
export const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * What the guest's init reads: the environment, and `run_job`.
 * Without a terminal the line must not turn newlines into carriage return and newline.
 */
export function guestJob(
  job: Pick<SandboxJob, 'argv' | 'cwd'>,
  env: Record<string, string>,
  stdin: GuestStdin,
): string {
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}`);
  const argv = job.argv.map(quote).join(' ');
  return [
    `echo ${quote(hostname())} >/proc/sys/kernel/hostname`,
    ...exports,
    `cd ${quote(job.cwd)}`,
    `run_job() {\n${runs[stdin](argv)}\n}`,
    '',
  ].join('\n');
}

const plainLines = 'stty -onlcr </dev/tty0';
const runs: Record<GuestStdin, (argv: string) => string> = {
  none: (argv) => `${plainLines}\n${argv} </dev/null`,
  // The program starts at once; its input arrives when the input outside has ended.
  stream: (argv) =>
    [
      plainLines,
      'mkfifo /run/input',
      '{ until [ -e /run/guest/input-complete ]; do sleep 0.3; done; cat /run/guest/input; } >/run/input &',
      `${argv} </run/input >/dev/tty0 2>&1`,
    ].join('\n'),
  terminal: (argv) =>
    [
      'read -r rows columns </run/guest/size',
      '{ stty rows "$rows" cols "$columns"',
      `( exec setsid --ctty ${argv} ) } </dev/tty0 >/dev/tty0 2>&1`,
    ].join('\n'),
};

/** What the guest mounts, in order, in the form of fstab(5); `guestDir` is the folder outside that it shares. */
export function guestFstab(guestDir: string, writableDirs: string[]): string {
  const hostfs = (dir: string, at = dir) => [dir, at, 'hostfs', `${dir},X-mount.mkdir`];
  const rows = [
    ['sysfs', '/sys', 'sysfs', 'defaults'],
    ['devpts', '/dev/pts', 'devpts', 'mode=620,ptmxmode=666,X-mount.mkdir'],
    ['shm', '/dev/shm', 'tmpfs', 'mode=1777,X-mount.mkdir'],
    ['run', '/run', 'tmpfs', 'mode=755'],
    ['tmp', '/run/tmp', 'tmpfs', 'mode=1777,X-mount.mkdir'],
    ...['netns', 'lock', 'user'].map((name) => [name, `/run/${name}`, 'tmpfs', 'mode=755,X-mount.mkdir']),
    hostfs(guestDir, '/run/guest'),
    ...writableDirs.map((dir) => hostfs(dir)),
  ];
  return `${rows.map((row) => [...row.map(escapeField), '0 0'].join(' ')).join('\n')}\n`;
}

const escapeField = (text: string): string =>
  text.replace(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
