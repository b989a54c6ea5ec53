import type { FilesSpec } from '../../src/model/spec.ts';

/** Where a program says that a file is wrong. Pure. */

/**
 * The first place in a text that is in one of the files: `FILE:12`, `FILE(12)`, `FILE: Line 12`, or `line 12` alone where
 * the program was given one file.
 * @returns the file outside and the line: shop/lb1/etc/nftables.conf:12
 */
export function placeIn(said: string, { from, paths }: FilesSpec, given?: string): string | undefined {
  const named = [...said.matchAll(/(\/[\w./+-]+?)(?::\s*[Ll]ine |:|\()(\d+)/g)].find(([, path = '']) =>
    paths.includes(path),
  );
  if (named) return `${from}${named[1]}:${named[2]}`;
  const [, line] = /\b[Ll]ine:? (\d+)/.exec(said) ?? [];
  return line !== undefined && given !== undefined ? `${from}${given}:${line}` : undefined;
}

/** The last line of a file of `sysctl` that sets a key, which is the one that counts. */
export function lineSetting(key: string, text: string): number | undefined {
  const plain = (name: string) => name.trim().replace(/^-/, '').replaceAll('/', '.');
  const lines = text.split('\n').map((line) => plain(line.split('=')[0] ?? ''));
  const at = lines.lastIndexOf(key.replaceAll('/', '.'));
  return at === -1 ? undefined : at + 1;
}

/** Keys of one interface, with their lines; a dot in its name is a `/` where dots separate. */
export const interfaceKeys = (text: string): { key: string; device: string; line: number }[] =>
  text.split('\n').flatMap((line, i) => {
    const key = /^\s*-?\s*(net[./][^\s=]+)/.exec(line)?.[1] ?? '';
    const slashes = key.startsWith('net/');
    const [, device = ''] =
      (slashes
        ? /^net\/ipv[46]\/(?:conf|neigh)\/([^/]+)\//
        : /^net\.ipv[46]\.(?:conf|neigh)\.([^.]+)\./
      ).exec(key) ?? [];
    if (device === '' || /^(all|default|lo)$|[*?[]/.test(device)) return [];
    return [{ key, device: slashes ? device : device.replaceAll('/', '.'), line: i + 1 }];
  });
