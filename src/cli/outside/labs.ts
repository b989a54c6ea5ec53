import { readFileSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { standingLabSchema } from '../../model/schema/state.ts';
import type { ProcessId, StandingLab } from '../../model/state.ts';
import { parseStored } from '../../model/stored/file.ts';
import { UsageError } from '../../util/errors.ts';
import { makeFolder } from './folders.ts';

/** Labs that stay up between commands: one folder each, below the user's state folder. */

const stateFile = 'lab.json';

export const labsDir = (): string =>
  join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'drlab', 'labs');

export const labDir = (name: string): string => join(labsDir(), name);

export function processId(pid: number): ProcessId {
  return { pid, startTicks: startTicksOf(pid) ?? '' };
}

export const isAlive = ({ pid, startTicks }: ProcessId): boolean => startTicksOf(pid) === startTicks;

/** Field 22 of /proc/PID/stat; the name in field 2 may hold anything, so count from its end. */
function startTicksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : rest[18];
  } catch {
    // No such process any more.
    return undefined;
  }
}

export async function saveLab(lab: StandingLab): Promise<void> {
  const path = join(labDir(lab.name), stateFile);
  await writeFile(`${path}.new`, JSON.stringify(lab, null, 1));
  await rename(`${path}.new`, path);
}

/** Labs whose sandbox is alive; the folders of the others are swept away. */
export async function standingLabs(): Promise<StandingLab[]> {
  const names = await readdir(labsDir()).catch(() => []);
  const labs = await Promise.all(names.map((name) => loadLab(name)));
  return labs.filter((lab) => lab !== undefined);
}

async function loadLab(name: string): Promise<StandingLab | undefined> {
  const file = join(labDir(name), stateFile);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  // Without a state file the lab is only just coming up.
  if (text === undefined) return undefined;
  const lab = parseStored(file, text, standingLabSchema, {
    hint: `Remove the folder ${labDir(name)}; a lab that is still up there ends with its process keeper.js.`,
  });
  if (isAlive(lab.keeper) && isAlive(lab.sandbox)) return lab;
  await rm(labDir(name), { recursive: true, force: true });
  return undefined;
}

/** @throws {UsageError} when no lab of that name is up, or none is named and several are. */
export async function standingLab(name: string | undefined): Promise<StandingLab> {
  const labs = await standingLabs();
  const found = name === undefined && labs.length === 1 ? labs[0] : labs.find((lab) => lab.name === name);
  if (found) return found;
  const up = labs.map((lab) => lab.name).join(', ') || 'none';
  throw new UsageError(name === undefined ? 'which lab?' : `no lab «${name}» is up`, {
    hint: `up now: ${up}; bring one up: drlab lab up --lab nftables`,
  });
}

export const makeLabDir = async (name: string): Promise<string> => {
  await makeFolder(join(labDir(name), 'raw'));
  return labDir(name);
};
