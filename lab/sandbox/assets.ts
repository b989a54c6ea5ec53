import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @returns the path of a shell script of this folder; they stay in the source tree, whatever runs from `dist`. */
export function asset(name: string): string {
  return join(packageRoot(), 'lab', 'sandbox', name);
}

function packageRoot(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json'))) return dir;
    if (dir === dirname(dir)) throw new Error(`no package.json above ${import.meta.url}`);
  }
}
