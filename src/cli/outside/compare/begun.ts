import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { begunComparisonSchema } from '../../../model/schema/state.ts';
import type { BegunComparison } from '../../../model/state.ts';
import { readStored } from '../../../model/stored/file.ts';
import { UsageError } from '../../../util/errors.ts';

export const planFile = 'comparison-plan.json';

/** Whole or not at all, since a later run reads it. */
export async function saveBegun(dir: string, begun: BegunComparison): Promise<void> {
  const path = join(dir, planFile);
  await writeFile(`${path}.new`, `${JSON.stringify(begun, null, 1)}\n`);
  await rename(`${path}.new`, path);
}

/** @throws {UsageError} where there is no comparison to go on with. */
export async function readBegun(dir: string): Promise<BegunComparison> {
  const path = join(dir, planFile);
  if (!existsSync(path))
    throw new UsageError(`there is no comparison to resume in ${dir}: it has no ${planFile}`, {
      hint: 'the folder of an interrupted comparison: drlab compare --resume DIR',
    });
  return readStored(path, begunComparisonSchema, {
    hint: 'A comparison cannot be resumed with this plan; start it again in another folder.',
  });
}
