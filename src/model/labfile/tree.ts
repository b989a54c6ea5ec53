import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Far beyond what a host's own files are, and far below what would hurt. */
const most = { files: 5_000, bytes: 64 * 2 ** 20 };

/** Of the root of a machine (hier(7)); without what belongs to the kernel and to boot. */
const rootFolders = ['bin', 'etc', 'home', 'lib', 'opt', 'root', 'run', 'sbin', 'srv', 'usr', 'var'];

/**
 * The files below a folder that is to lie over the root of a host.
 * @returns their paths there, sorted, or what is wrong with the folder, as a sentence.
 */
export function treeAt(folder: string, named: string): { paths: string[] } | { wrong: string } {
  const paths: string[] = [];
  let bytes = 0;
  const walk = (at: string): string | undefined => {
    for (const { name } of readdirSync(join(folder, at), { withFileTypes: true })) {
      const path = `${at}/${name}`;
      const info = lstatSync(join(folder, path));
      if (at === '' && !(info.isDirectory() && rootFolders.includes(name))) return atRoot(named, name);
      const wrong = info.isDirectory() ? walk(path) : undefined;
      if (wrong !== undefined) return wrong;
      if (info.isDirectory()) continue;
      if (!info.isFile() && !info.isSymbolicLink())
        return `«${named}${path}» is neither a file, a folder nor a link.`;
      paths.push(path);
      bytes += info.size;
    }
    return undefined;
  };
  try {
    const wrong = walk('');
    if (wrong !== undefined) return { wrong };
  } catch (error) {
    return { wrong: unreadable(named, error as NodeJS.ErrnoException) };
  }
  if (paths.length === 0) return { wrong: `there is no file in «${named}».` };
  if (paths.length > most.files || bytes > most.bytes)
    return {
      wrong: `«${named}» holds more than ${most.files} files or 64 MiB; lay what differs from a fresh machine.`,
    };
  return { paths: paths.sort() };
}

const unreadable = (named: string, { code, path = named, message }: NodeJS.ErrnoException): string =>
  ({ ENOENT: `there is no folder «${named}».`, ENOTDIR: `«${named}» is no folder.` })[code ?? ''] ??
  `cannot read ${path}: ${message}`;

const atRoot = (named: string, name: string): string =>
  `«${named}/${name}» would be /${name} on the host, which no machine has: the folder lies over its root, as in ${named}/etc/keepalived/keepalived.conf.`;
