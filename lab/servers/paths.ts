import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json: helpers that tsc does not copy lie there, beside the sources. */
const packageRoot = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
})();

/** Absolute path of a file that is run as it lies in the source tree. */
export const asset = (path: string): string => join(packageRoot, path);

/** Absolute path of a compiled program. */
export const compiled = (path: string): string => join(packageRoot, 'dist', path);
