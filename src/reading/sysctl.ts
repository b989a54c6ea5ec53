import { basename } from 'node:path';
import type { Place } from './place.ts';

/** One setting of a file of sysctl.d(5) or sysctl.conf(5). */
export interface SysctlLine {
  /** With dots; the dot in the name of an interface is a slash, as sysctl(8) writes it. */
  key: string;
  value: string;
  place: Place;
}

/** `key = value`; `#` and `;` begin a comment, a leading `-` lets errors pass. */
export function readSysctls(file: string, text: string): SysctlLine[] {
  return text.split('\n').flatMap((row, i) => {
    const found = /^(\s*-?)([\w./@*-]+)\s*=\s*(.*?)\s*$/.exec(row);
    if (!found || /^\s*[#;]/.test(row)) return [];
    const [, before = '', name = '', value = ''] = found;
    return [{ key: withDots(name), value, place: { file, line: i + 1, column: before.length + 1 } }];
  });
}

/** sysctl(8): the first separator decides, so `net/ipv4/conf/eth0.20/x` is `net.ipv4.conf.eth0/20.x`. */
function withDots(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  if (first !== '/') return name;
  return name.replace(/[./]/g, (one) => (one === '/' ? '.' : '/'));
}

const folders = [
  '/etc/sysctl.d/',
  '/run/sysctl.d/',
  '/usr/local/lib/sysctl.d/',
  '/usr/lib/sysctl.d/',
  '/lib/sysctl.d/',
];

/**
 * The order of `sysctl --system`: by file name over all folders, a name in an earlier folder hiding the same name in a later one;
 * `/etc/sysctl.conf` last. Paths are those on the host.
 */
export function inOrderOfBoot(paths: readonly string[]): string[] {
  const rank = (path: string): number => folders.findIndex((folder) => path.startsWith(folder));
  const named = paths.filter((path) => rank(path) >= 0 && path.endsWith('.conf'));
  const seen = new Map<string, string>();
  for (const path of [...named].sort((a, b) => rank(a) - rank(b)))
    if (!seen.has(basename(path))) seen.set(basename(path), path);
  const ordered = [...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  return [...ordered, ...paths.filter((path) => path === '/etc/sysctl.conf')];
}
