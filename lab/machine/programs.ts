import { readFileSync } from 'node:fs';
import { asset } from '../../src/util/root.ts';

/** A program that drlab calls; a line of `lab/setup/programs`, which the set-up reads as well. */
export interface Program {
  /** `start`: always; `test`: `npm test`; `bench`: `npm run bench`, which runs without; `kernel`: `npm run kernel`. */
  purpose: 'start' | 'test' | 'bench' | 'kernel';
  name: string;
  /** The Debian package. */
  package: string;
  neededFor: string;
}

/** @returns the programs of a table, comments left out. */
export function parsePrograms(table: string): Program[] {
  return table.split('\n').flatMap((line) => {
    const [, purpose, name, from, neededFor] =
      /^(start|test|bench|kernel)\s+(\S+)\s+(\S+)\s+(.+)$/.exec(line) ?? [];
    if (!purpose || !name || !from || !neededFor) return [];
    return [{ purpose: purpose as Program['purpose'], name, package: from, neededFor }];
  });
}

/** The table lies beside the sources, also for the compiled program. */
export const programs = (): Program[] => parsePrograms(readFileSync(asset('lab/setup/programs'), 'utf8'));
