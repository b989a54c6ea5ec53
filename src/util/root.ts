import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json, whether this runs from the sources, from `dist` or from a bundle in it. */
export const packageRoot = above(dirname(fileURLToPath(import.meta.url)));

/** Absolute path of a file that is used as it lies in the source tree. */
export const asset = (path: string): string => join(packageRoot, path);

/** Absolute path of a compiled program, here or where `root` is the folder of package.json. */
export const compiled = (path: string, root = packageRoot): string => join(root, 'dist', path);

function above(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  if (dirname(folder) === folder) throw new Error(`no package.json above ${import.meta.url}`);
  return above(dirname(folder));
}
