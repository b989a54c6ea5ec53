import { checks } from '../../../suites/index.ts';
import { writeRecording } from '../../../suites/recorded/recorded.ts';
import { writeSignatures } from '../../../suites/recorded/signatures.ts';
import { readRecord } from '../../model/stored/record.ts';
import { signaturesOf } from '../../run/diagnose.ts';
import { DrlabError, exitCode, UsageError } from '../../util/errors.ts';
import { packageRoot } from '../../util/root.ts';
import { observedIn, unfit } from './record.ts';

/**
 * `npm run record -- RUN…`: takes over what finished runs observed, as data for the judges' tests. A whole kill matrix
 * also says which checks each mutant makes fail.
 */
const runs = process.argv.slice(2);
const say = (line: string): unknown => process.stdout.write(`${line}\n`);

async function record(runDir: string): Promise<void> {
  const run = await readRecord(runDir);
  const ran = new Set(
    [...run.results, ...(run.mutants ?? [])].map((one) => ('check' in one ? one.check : one.id)),
  );
  for (const check of checks.filter(({ id }) => ran.has(id))) {
    const cases = observedIn(runDir, run.lab.spec, check);
    const why = unfit(check, cases);
    if (why === undefined) writeRecording(check, { drlab: run.drlab, cases });
    else process.exitCode = exitCode.inconclusive;
    say(why === undefined ? `${check.id}: ${cases.length} recorded` : `${check.id}: left as it was: ${why}`);
  }
  if (run.mutants?.some(({ others }) => others)) writeSignatures(packageRoot, signaturesOf(run.mutants));
}

try {
  if (runs.length === 0)
    throw new UsageError('npm run record -- RUN…: no run named', {
      hint: 'drlab mutants CHECK --out DIR && npm run record -- DIR',
    });
  for (const run of runs) await record(run);
} catch (error) {
  if (!(error instanceof DrlabError)) throw error;
  say(error.hint === undefined ? error.message : `${error.message}\n${error.hint}`);
  process.exitCode = error.exit;
}
