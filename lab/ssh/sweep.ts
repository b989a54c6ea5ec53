import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { wayBackSchema } from '../../src/model/schema/state.ts';
import type { LabSpec, MachineSpec, SshSpec } from '../../src/model/spec.ts';
import type { WayBack } from '../../src/model/state.ts';
import { readStored } from '../../src/model/stored/file.ts';
import { messageOf } from '../../src/util/errors.ts';
import { quote } from '../../src/util/quote.ts';
import { forget, lockedCode, stateFolder } from './ledger.ts';
import { ledgerFolder, ledgerPath } from './ledger-text.ts';
import { Machine } from './machine.ts';

/** What became of one undo ledger. */
export interface UndoneLedger {
  host: string;
  address: string;
  /** Path on the machine; undefined when the machine itself was out of reach. */
  ledger?: string;
  /** `in-use`: its lab is up. `failed`: `why` says what could not be undone; it stays for the next sweep. */
  outcome: 'undone' | 'in-use' | 'failed';
  why?: string;
}

export interface SweepOptions {
  /** Its machines are looked at too, for ledgers of which nothing is known here. */
  spec?: LabSpec;
  stateDir?: string;
}

/** A copy of a ledger on this machine. */
interface Copy {
  path: string;
  remotePath: string;
}

interface Stop extends WayBack {
  copies: Copy[];
}

/**
 * Undoes what labs over ssh left that were not taken down: on the machines of which there are ledgers here, and on
 * those of a lab file. Labs that are up are left alone. Twice is harmless.
 */
export async function sweepSsh(options: SweepOptions = {}): Promise<UndoneLedger[]> {
  const { stateDir = stateFolder(), spec } = options;
  const { found, damaged } = copiesIn(stateDir);
  const stops = [...new Map(stopsOf(found, spec).map((stop) => [whereIs(stop.machine), stop])).values()];
  for (const stop of stops) {
    stop.copies = found
      .filter(({ back }) => whereIs(back.machine) === whereIs(stop.machine))
      .map(({ copy }) => copy);
  }
  return [...damaged, ...(await Promise.all(stops.map(sweepMachine))).flat()];
}

const whereIs = ({ address, port, jump }: MachineSpec): string =>
  `${address}:${port} ${jump ? `${jump.address}:${jump.port}` : ''}`;

/** The lab file goes last: what it says of a machine is newer. */
function stopsOf(found: readonly Found[], spec: LabSpec | undefined): Stop[] {
  const known = found.map(({ back }): Stop => ({ ...back, copies: [] }));
  const { knownHosts } = (spec?.driver ?? { knownHosts: '' }) as SshSpec;
  const named = (spec?.hosts ?? []).flatMap(({ name, machine }): Stop[] =>
    machine ? [{ host: name, machine, knownHosts, copies: [] }] : [],
  );
  return [...known, ...named];
}

interface Found {
  back: WayBack;
  copy: Copy;
}

/** One that does not say where its machine is keeps no other from being swept. */
function copiesIn(stateDir: string): { found: Found[]; damaged: UndoneLedger[] } {
  const found: Found[] = [];
  const damaged: UndoneLedger[] = [];
  for (const id of existsSync(stateDir) ? readdirSync(stateDir) : []) {
    for (const name of readdirSync(join(stateDir, id)).filter((one) => one.endsWith('.json'))) {
      const file = join(stateDir, id, name);
      const ledger = file.slice(0, -'.json'.length);
      const hint = `Run ${ledger}.sh on the machine by hand, then remove both files.`;
      try {
        const back = readStored(file, wayBackSchema, { hint });
        found.push({ back, copy: { path: ledger, remotePath: ledgerPath({ id, host: back.host }) } });
      } catch (error) {
        const why = `${messageOf(error)}. ${hint}`;
        damaged.push({ host: basename(ledger), address: 'unknown', ledger, outcome: 'failed', why });
      }
    }
  }
  return { found, damaged };
}

async function sweepMachine({ host, machine: spec, knownHosts, copies }: Stop): Promise<UndoneLedger[]> {
  const { address } = spec;
  try {
    const mark = `sweep-${randomBytes(4).toString('hex')}.`;
    await using machine = await Machine.open(spec, { name: host, knownHosts, mark });
    const list = `for f in ${ledgerFolder}/ledger-*.sh; do [ ! -e "$f" ] || echo "$f"; done`;
    const there = (await machine.exec(list)).stdout.split('\n').filter(Boolean);
    const swept: UndoneLedger[] = [];
    for (const ledger of there)
      swept.push({ host, address, ledger, ...(await replayUnlessInUse(machine, ledger)) });
    for (const { path, remotePath } of copies) {
      const found = swept.find(({ ledger }) => ledger === remotePath);
      if (found?.outcome === 'undone') forget(path);
      if (found) continue;
      // The machine lost its own: a power cut before it was on its disk, or somebody removed it.
      await machine.run(['sh', '-c', `mkdir -p ${ledgerFolder} && cat >${quote(remotePath)}`], remotePath, {
        input: readFileSync(`${path}.sh`),
      });
      const replayed = await replayUnlessInUse(machine, remotePath);
      if (replayed.outcome === 'undone') forget(path);
      swept.push({ host, address, ledger: remotePath, ...replayed });
    }
    return swept;
  } catch (error) {
    return [{ host, address, outcome: 'failed', why: messageOf(error) }];
  }
}

async function replayUnlessInUse(
  machine: Machine,
  path: string,
): Promise<Pick<UndoneLedger, 'outcome' | 'why'>> {
  const script = `exec flock -n -E ${lockedCode} ${quote(path)} env -u DRLAB_LEDGER sh ${quote(path)}`;
  const okCodes = Array.from({ length: 256 }, (_, i) => i);
  const { code, stderr } = await machine.exec(script, { okCodes, timeoutMs: 60_000 });
  if (code === 0) return { outcome: 'undone' };
  if (code === lockedCode) return { outcome: 'in-use' };
  return { outcome: 'failed', why: stderr.trim() || `sh ${path} ended with ${code}` };
}
