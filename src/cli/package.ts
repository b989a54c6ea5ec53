import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where drlab itself lies, from the sources or from `dist`. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

/** A compiled program of ours, as an absolute path. */
export const compiled = (path: string): string => join(packageRoot, 'dist', path);

export const packageVersion = (
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version;

function findRoot(from: string): string {
  try {
    readFileSync(join(from, 'package.json'));
    return from;
  } catch {
    return findRoot(dirname(from));
  }
}
