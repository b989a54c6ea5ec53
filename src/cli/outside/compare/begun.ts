import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComparisonPlan, ComparisonRecord, Variant } from '../../../model/comparison.ts';
import type { Fidelity } from '../../../model/record.ts';
import { messageOf, UsageError } from '../../../util/errors.ts';
import type { SandboxName } from '../launch.ts';

/** What a comparison was begun with, kept so that it can go on with exactly that. */
export interface BegunComparison
  extends Pick<ComparisonRecord, 'id' | 'commandLine' | 'startedAt' | 'drlab' | 'lab'> {
  sandbox: SandboxName;
  kernel?: string | undefined;
  variants: Variant[];
  /** IDs. */
  workloads: string[];
  /** The weights of the lab files are part of what is compared. */
  keepWeights: boolean;
  wanted: Wanted;
  /** Missing until it is fixed; nothing has been measured then. */
  plan?: ComparisonPlan;
  /** What the worlds of the calibration said of themselves. */
  heard?: { kernel: string | undefined; fidelities: [string, Fidelity][] };
}

/** What the command line says of the plan. */
export interface Wanted {
  seed: number;
  base: string;
  changes: string[];
  blocks?: number | undefined;
  budgetMs?: number | undefined;
  trialMs?: number | undefined;
}

export const planFile = 'comparison-plan.json';

/** Whole or not at all, since a later run reads it. */
export async function saveBegun(dir: string, begun: BegunComparison): Promise<void> {
  const path = join(dir, planFile);
  await writeFile(`${path}.new`, `${JSON.stringify(begun, null, 1)}\n`);
  await rename(`${path}.new`, path);
}

/** @throws {UsageError} where there is no comparison to go on with. */
export async function readBegun(dir: string): Promise<BegunComparison> {
  try {
    return JSON.parse(await readFile(join(dir, planFile), 'utf8')) as BegunComparison;
  } catch (cause) {
    throw new UsageError(`there is no comparison to go on with in ${dir}: ${messageOf(cause)}`, {
      hint: 'the folder of an interrupted comparison: drlab compare --resume DIR',
      cause,
    });
  }
}
