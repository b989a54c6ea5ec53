import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recorded } from '../../../suites/recorded/recorded.ts';
import type { Check, Mutant } from '../../model/check.ts';
import type { Purpose } from '../../model/job.ts';
import type { LabSpec } from '../../model/spec.ts';
import { vantagesOf } from '../../model/vantage.ts';
import { groupOf, stagedSpec } from '../../run/cases.ts';
import { fromVantage, observationFile, specFor } from '../../run/check.ts';
import { brokenSpec } from '../../run/mutants.ts';
import { evidenceFolder } from '../../run/purpose.ts';

/**
 * What a finished run observed of a check.
 * @param runDir `drlab mutants` keeps `evidence/before/ID`, `evidence/before@STAGE/ID` and `evidence/ID-MUTANT/ID`; `drlab run`
 * keeps `evidence/ID`, which is all there is of a check without mutants.
 * @param spec the lab of that run
 */
export function observedIn(runDir: string, spec: LabSpec, check: Check): Recorded[] {
  const evidence = join(runDir, 'evidence');
  const folderOf = (purpose: Purpose): string => join(evidence, evidenceFolder(purpose, check.id));
  const staged = stagedSpec(spec, check);
  const group = groupOf(check);
  const unbroken = folderOf({
    kind: 'unbroken',
    when: check.mutants.length > 0 ? 'before' : 'run',
    ...(group !== undefined && { group }),
  });
  const before =
    'impossible' in staged ? [] : observations('before', staged.spec, unbroken, check).slice(0, 1);
  const mutants = check.mutants.flatMap((mutant) => {
    const broken = brokenSpec(spec, check, mutant);
    const folder = folderOf({ kind: 'mutant', check: check.id, mutant: mutant.id });
    const seen = broken ? observations(mutant.id, broken, folder, check) : [];
    return seen
      .filter((one) => isKill(check, mutant, one))
      .concat(seen)
      .slice(0, 1);
  });
  return [...before, ...mutants];
}

/** One from each vantage. A mutant need not show from the first, and is recorded where it does. */
function observations(name: string, lab: LabSpec, folder: string, check: Check): Recorded[] {
  return vantagesOf(specFor(check, lab), check.vantages).flatMap(({ slug, spec }, i) => {
    const file = join(folder, i === 0 ? observationFile : fromVantage(slug, observationFile));
    return existsSync(file) ? [{ name, spec, observation: JSON.parse(readFileSync(file, 'utf8')) }] : [];
  });
}

function isKill(check: Check, { reason }: Mutant, { spec, observation }: Recorded): boolean {
  const said = check.judge(observation, { spec });
  return said.verdict === 'fail' && reason.test(`${said.seen}; ${said.cause}`);
}

/** Why these are not what judges are to be tried on; undefined where they are. */
export function unfit(check: Check, cases: readonly Recorded[]): string | undefined {
  const missing = ['before', ...check.mutants.map(({ id }) => id)].filter(
    (name) => !cases.some((one) => one.name === name),
  );
  if (missing.length > 0) return `no observation of ${missing.join(', ')}`;
  const wrong = cases.flatMap(({ name, spec, observation: seen }) => {
    const said = check.judge(seen, { spec });
    const reason = check.mutants.find(({ id }) => id === name)?.reason;
    const wanted = reason ? 'fail' : 'pass';
    if (said.verdict !== wanted) return [`${name}: ${said.verdict}, ${said.seen}`];
    return reason && !reason.test(`${said.seen}; ${said.cause}`)
      ? [`${name}: fails for a different reason`]
      : [];
  });
  return wrong.length > 0 ? wrong.join('; ') : undefined;
}
