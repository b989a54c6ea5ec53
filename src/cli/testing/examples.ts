import type { RunRecord } from '../../model/record.ts';
import { readRecord } from '../../model/stored/record.ts';
import { asset } from '../../util/root.ts';
import { drlab, type Ended, type TestFolder } from './drlab.ts';

/** One of `lab/examples`, through the command line. */
export async function runExample(
  folder: TestFolder,
  lab: string,
  checks: string[],
): Promise<{ ended: Ended; record: RunRecord }> {
  const out = folder.at(lab);
  const ended = await drlab(['run', ...checks, '--lab', asset(`lab/examples/${lab}.yaml`), '--out', out]);
  return { ended, record: await readRecord(out) };
}
