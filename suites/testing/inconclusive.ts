import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import type { Check } from '../../src/model/check.ts';
import { findLab, readLab } from '../../src/model/labfile/index.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import { stagedSpec } from '../../src/run/cases.ts';
import { recordedCase } from '../recorded/recorded.ts';
import { type Edits, edited } from './edits.ts';

/**
 * Unit tests of what cannot be judged. A row takes what a check once observed, changes one thing, and says why the
 * verdict is then `inconclusive`; a last test finds the calls of `inconclusive` beside the test that no row comes to.
 */
export interface Unjudged {
  /** Must match what is said to be seen. */
  because: RegExp;
  /** What is different from the recorded observation. */
  where?: Edits;
  /** Begins with what this mutant of the check showed; default: with what the unbroken lab did. */
  mutant?: string;
  /** What was seen, made up: for a check of which nothing is recorded. */
  made?: unknown;
  /** Judged in another lab than the one in which it was observed. */
  spec?: (spec: LabSpec) => LabSpec;
}

interface Site {
  file: string;
  line: number;
}

const reached = new Set<string>();
const keyOf = ({ file, line }: Site): string => `${file}:${line}`;

/** The suites with a note of who calls `inconclusive`: they must come from a module cache without them. */
async function load() {
  vi.resetModules();
  vi.doMock('../common/judging.ts', async (original) => {
    const real = await original<typeof import('../common/judging.ts')>();
    const inconclusive: typeof real.inconclusive = (...said) => {
      reached.add(callerIn(new Error().stack ?? ''));
      return real.inconclusive(...said);
    };
    return { ...real, inconclusive };
  });
  return (await import('../index.ts')).checks;
}

/** Message, the function of the mock, and then who called it. */
const callerIn = (stack: string): string =>
  stack
    .split('\n')[2]
    ?.match(/\(?([^( ]+):\d+\)?$/)?.[1]
    ?.replace(/^file:\/\//, '') ?? '';

let loaded: ReturnType<typeof load> | undefined;

/**
 * Tests every row, and that rows reach every call of `inconclusive` in the folder of the test and in those below it
 * that have no such test of their own.
 * @param testUrl of the test file, which is called `inconclusive.test.ts`
 * @param rows by the ID of the check
 */
export async function inconclusiveWhen(testUrl: string, rows: Record<string, Unjudged[]>): Promise<void> {
  loaded ??= load();
  const checks = await loaded;
  const lab = (await readLab(await findLab('default'))).spec;

  describe.each(Object.entries(rows))('%s', (id, ofCheck) => {
    test.each(ofCheck)(
      'is not judged: $because',
      ({ because, where = {}, mutant, made, spec: otherwise }) => {
        const check = checks.find((one) => one.id === id);
        if (!check) throw new Error(`no check ${id}`);
        const { spec, observation } =
          made === undefined ? recordedCase(check, mutant) : { spec: specOf(check, lab), observation: made };
        const judgedIn = otherwise ? otherwise(spec) : spec;
        const judgement = check.judge(edited(observation, where), { spec: judgedIn });
        expect(judgement).toMatchObject({ verdict: 'inconclusive', seen: expect.stringMatching(because) });
      },
    );
  });

  test('every call of inconclusive in this folder is reached', () => {
    const folder = dirname(fileURLToPath(testUrl));
    const missed = sitesIn(folder).filter((site) => !reached.has(keyOf(site)));
    expect(missed.map((site) => relative(process.cwd(), keyOf(site)))).toEqual([]);
  });
}

/** The lab in which the check is judged. */
function specOf(check: Check, lab: LabSpec): LabSpec {
  const staged = stagedSpec(lab, check);
  if ('impossible' in staged) throw new Error(staged.impossible);
  return staged.spec;
}

export const testName = 'inconclusive.test.ts';

/** Calls of `inconclusive` in the sources of a folder and of those below it that have no such test. */
export function sitesIn(folder: string): Site[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): Site[] => {
    const file = join(folder, entry.name);
    if (entry.isDirectory()) return existsSync(join(file, testName)) ? [] : sitesIn(file);
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) return [];
    return readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((text, i) => (/(?<!function )\binconclusive\(/.test(text) ? [{ file, line: i + 1 }] : []));
  });
}
