import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

/** What checks once observed in a kill matrix: the unbroken lab (`before`) and every mutant. */
export interface Recorded {
  /** `before`, or `CHECK/mutant`. */
  case: string;
  check: string;
  observation: unknown;
}

const file = fileURLToPath(new URL('./kill-matrix.json.gz', import.meta.url));

export const readRecorded = (): Recorded[] =>
  JSON.parse(gunzipSync(readFileSync(file)).toString()) as Recorded[];

/** Takes the observations of a finished `drlab mutants` over: its run folder holds one file for each. */
export function writeRecorded(runDir: string): number {
  const evidence = join(runDir, 'evidence');
  const recorded = readdirSync(evidence)
    .filter((folder) => folder !== 'after')
    .flatMap((folder) =>
      readdirSync(join(evidence, folder)).map((check): Recorded => {
        const path = join(evidence, folder, check, 'observation.json');
        const name = folder === 'before' ? folder : `${check}/${folder.slice(check.length + 1)}`;
        return { case: name, check, observation: JSON.parse(readFileSync(path, 'utf8')) };
      }),
    );
  writeFileSync(file, gzipSync(JSON.stringify(recorded), { level: 9 }));
  return recorded.length;
}
