import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from '../reading/place.ts';

/** Beyond what any host's files are. */
const most = { files: 5_000, bytes: 4 * 2 ** 20, depth: 16 };

/** A text file, or undefined where it cannot be read, is binary or too large. */
export function textOf(path: string): string | undefined {
  try {
    const info = statSync(path);
    if (!info.isFile() || info.size > most.bytes) return undefined;
    const text = readFileSync(path, 'utf8');
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** All files below a folder, sorted. */
export function filesBelow(folder: string, depth = 0): string[] {
  if (depth > most.depth) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    if (['.git', 'node_modules'].includes(entry.name) || found.length > most.files) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...filesBelow(path, depth + 1));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}

export const onDisk: Files = { read: textOf, glob: (pattern) => alternatives(pattern).flatMap(matches) };

/** `{a,b}` outside in, as glob(3) with GLOB_BRACE. */
function alternatives(pattern: string): string[] {
  const found = /^(.*?)\{([^{}]*)\}(.*)$/.exec(pattern);
  if (!found) return [pattern];
  const [, before = '', inner = '', after = ''] = found;
  return inner.split(',').flatMap((one) => alternatives(`${before}${one}${after}`));
}

function matches(pattern: string): string[] {
  let paths = [pattern.startsWith('/') ? '/' : ''];
  for (const part of pattern.split('/').filter((one) => one !== '')) {
    const wild = /[*?[]/.test(part);
    const form =
      wild &&
      new RegExp(
        `^${part
          .replace(/[.+^$()|\\]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('?', '.')}$`,
      );
    paths = paths.flatMap((path) => {
      if (!form) return [join(path, part)];
      return namesIn(path)
        .filter((name) => form.test(name) && (part.startsWith('.') || !name.startsWith('.')))
        .map((name) => join(path, name));
    });
  }
  return paths.filter((path) => textOf(path) !== undefined);
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path || '.').sort();
  } catch {
    return [];
  }
}
