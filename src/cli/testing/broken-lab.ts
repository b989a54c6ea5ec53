import { writeFile } from 'node:fs/promises';
import type { CheckResult } from '../../model/record.ts';
import { readRecord } from '../../model/stored/record.ts';
import { drlab, type Ended, type TestFolder } from './drlab.ts';

/** What a run said of a lab that hooks broke. */
export class Ran {
  constructor(
    readonly ended: Ended,
    readonly results: readonly CheckResult[],
  ) {}

  of(id: string): CheckResult {
    const found = this.results.find((one) => one.id === id);
    if (!found) throw new Error(`no result of ${id}: ${this.ended.stdout}${this.ended.stderr}`);
    return found;
  }
}

/** Runs some checks on a lab file of these keys; the name of the lab is that of its folder. */
export async function ranOn(
  folder: TestFolder,
  lab: { name: string; [key: string]: unknown },
  ids: string[],
): Promise<Ran> {
  const file = folder.at(`${lab.name}.yaml`);
  // JSON is YAML.
  await writeFile(file, JSON.stringify(lab));
  const ended = await drlab(['run', ...ids, '--lab', file, '--out', folder.at(lab.name)]);
  return new Ran(ended, (await readRecord(folder.at(lab.name))).results);
}

/** A hook that runs shell text on a host. */
export const hookOn = (host: string, text: string): string => `ip netns exec ${host} sh -ec '${text}'`;
