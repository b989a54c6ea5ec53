import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Suite } from '../../src/model/check.ts';

/** What checks once observed in a kill matrix: the unbroken lab (`before`) and every mutant. */
export interface Recorded {
  /** `before`, or `CHECK/mutant`. */
  case: string;
  check: string;
  observation: unknown;
}

/** One file for each suite, so that a change of one leaves the others alone. */
const fileOf = (suite: Suite): string => fileURLToPath(new URL(`./${suite}.json.gz`, import.meta.url));

export function readRecorded(suite: Suite): Recorded[] {
  const file = fileOf(suite);
  return existsSync(file) ? (JSON.parse(gunzipSync(readFileSync(file)).toString()) as Recorded[]) : [];
}

/** Takes over the observations of a finished `drlab mutants` or `drlab run`; those of checks that it did not run stay. */
export function writeRecorded(
  runDir: string,
  checks: readonly { id: string; suite: Suite; mutants: unknown[] }[],
): void {
  const fresh = new Map<string, Recorded[]>(
    checks.map(({ id, mutants }) => [
      id,
      mutants.length > 0 ? observationsOf(runDir, id) : ofPlainRun(runDir, id),
    ]),
  );
  for (const suite of new Set(checks.map((check) => check.suite))) {
    const ids = checks.filter((check) => check.suite === suite).map((check) => check.id);
    if (ids.every((id) => fresh.get(id)?.length === 0)) continue;
    const old = readRecorded(suite);
    const all = ids.flatMap((id) => {
      const own = fresh.get(id) ?? [];
      return own.length > 0 ? own : old.filter((one) => one.check === id);
    });
    writeFileSync(fileOf(suite), gzipSync(JSON.stringify(all), { level: 9 }));
  }
}

/** A run folder holds `evidence/before/ID`, `evidence/before@STAGE/ID` and `evidence/ID-MUTANT/ID`. */
function observationsOf(runDir: string, check: string): Recorded[] {
  const evidence = join(runDir, 'evidence');
  return readdirSync(evidence).flatMap((folder): Recorded[] => {
    const path = join(evidence, folder, check, 'observation.json');
    const before = folder === 'before' || folder.startsWith('before@');
    if (!existsSync(path) || !(before || folder.startsWith(`${check}-`))) return [];
    const name = before ? 'before' : `${check}/${folder.slice(check.length + 1)}`;
    return [{ case: name, check, observation: JSON.parse(readFileSync(path, 'utf8')) }];
  });
}

/** A check without mutants is not in a kill matrix; what a `drlab run` saw of it is in `evidence/ID`. */
function ofPlainRun(runDir: string, check: string): Recorded[] {
  const path = join(runDir, 'evidence', check, 'observation.json');
  if (!existsSync(path)) return [];
  return [{ case: 'before', check, observation: JSON.parse(readFileSync(path, 'utf8')) }];
}
