import { hostname } from 'node:os';
import { quote, quoteAll } from '../../src/util/quote.ts';
import type { SandboxJob } from './types.ts';

/** How the program's standard input reaches it. */
export type GuestStdin = 'none' | 'terminal' | 'stream';

/** What differs between kinds of guests. */
export interface GuestKind {
  /** The line that the program's input and output go through. */
  line: string;
  /** Key of sysrq (Documentation/admin-guide/sysrq.rst) that ends the guest at once. */
  powerOff: 'o' | 'b';
  /** Default: that of this machine. */
  hostname?: string;
}

export const umlGuest: GuestKind = { line: '/dev/tty0', powerOff: 'o' };

/**
 * What the guest's init reads: the environment, and `run_job`.
 * Without a terminal the line must not turn newlines into carriage return and newline.
 */
export function guestJob(
  job: Pick<SandboxJob, 'argv' | 'cwd'>,
  env: Record<string, string>,
  stdin: GuestStdin,
  { line, powerOff, hostname: name = hostname() }: GuestKind = umlGuest,
): string {
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}`);
  const argv = quoteAll(job.argv);
  return [
    `echo ${quote(name)} >/proc/sys/kernel/hostname`,
    ...exports,
    `cd ${quote(job.cwd)}`,
    `power_off=${powerOff}`,
    `run_job() {\n${runs[stdin](argv, line)}\n}`,
    '',
  ].join('\n');
}

const plainLines = (line: string): string => `stty -onlcr <${line}`;
const runs: Record<GuestStdin, (argv: string, line: string) => string> = {
  none: (argv, line) => `${plainLines(line)}\n${argv} </dev/null`,
  // The program starts at once; its input arrives when the input outside has ended.
  stream: (argv, line) =>
    [
      plainLines(line),
      'mkfifo /run/input',
      '{ until [ -e /run/guest/input-complete ]; do sleep 0.3; done; cat /run/guest/input; } >/run/input &',
      `${argv} </run/input >${line} 2>&1`,
    ].join('\n'),
  terminal: (argv, line) =>
    [
      'read -r rows columns </run/guest/size',
      '{ stty rows "$rows" cols "$columns"',
      `( exec setsid --ctty ${argv} ) } <${line} >${line} 2>&1`,
    ].join('\n'),
};

/** A folder outside, where it is seen inside, and how the kernel of the guest gets at it. */
export interface Share {
  source: string;
  at: string;
  type: string;
  options: string;
}

export const hostfs = (dir: string, at = dir): Share => ({ source: dir, at, type: 'hostfs', options: dir });

/** What the guest mounts, in order, in the form of fstab(5). */
export function guestFstab(shares: readonly Share[], more: string[][] = []): string {
  const rows = [
    ['sysfs', '/sys', 'sysfs', 'defaults'],
    ['devpts', '/dev/pts', 'devpts', 'mode=620,ptmxmode=666,X-mount.mkdir'],
    ['shm', '/dev/shm', 'tmpfs', 'mode=1777,X-mount.mkdir'],
    ['run', '/run', 'tmpfs', 'mode=755'],
    ['tmp', '/run/tmp', 'tmpfs', 'mode=1777,X-mount.mkdir'],
    ...['netns', 'lock', 'user'].map((name) => [name, `/run/${name}`, 'tmpfs', 'mode=755,X-mount.mkdir']),
    ...more,
    ...shares.map(({ source, at, type, options }) => [source, at, type, `${options},X-mount.mkdir`]),
  ];
  return `${rows.map((row) => [...row.map(escapeField), '0 0'].join(' ')).join('\n')}\n`;
}

const escapeField = (text: string): string =>
  text.replace(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
