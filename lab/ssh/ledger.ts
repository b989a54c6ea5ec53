import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { homedir, hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecResult, SpawnedProcess } from '../../src/model/host.ts';
import type { WayBack } from '../../src/model/state.ts';
import { CommandFailed, LabUnavailable } from '../../src/util/errors.ts';
import { quote } from '../../src/util/quote.ts';
import { AgentProcess } from '../agent/process.ts';
import {
  folderOf,
  type LedgerOf,
  ledgerFolder,
  ledgerHead,
  ledgerLine,
  ledgerPath,
  replayScript,
  type Undo,
} from './ledger-text.ts';
import type { Machine } from './machine.ts';

/** One folder for each lab that was built, in it two files a machine: `HOST.sh`, `HOST.json`. */
export const stateFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  join(env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'drlab', 'ssh');

/** Exit code of `flock` when somebody else holds the lock. */
export const lockedCode = 75;

/**
 * What undoes the changes on one machine, on two disks: the machine's and this one's. A change is made only after
 * the line that undoes it lies on both.
 */
export class Ledger {
  readonly path: string;
  readonly folder: string;
  readonly #local: string;
  #lock: SpawnedProcess | undefined;

  private constructor(
    private readonly machine: Machine,
    of: LedgerOf,
    state: string,
  ) {
    this.path = ledgerPath(of);
    this.folder = folderOf(of);
    this.#local = join(state, of.id, of.host);
  }

  /**
   * Makes both files and the lab's folder on the machine, and holds a lock there for as long as the lab is up, so
   * that a sweep leaves it alone.
   * @param onMade told before anything is changed on the machine.
   */
  static async open(
    machine: Machine,
    of: Omit<LedgerOf, 'madeBy'>,
    back: WayBack,
    state: string,
    onMade: (ledger: Ledger) => void,
  ): Promise<Ledger> {
    const ledger = new Ledger(machine, { ...of, madeBy: '' }, state);
    const head = ledgerHead({ ...of, madeBy: `from ${hostname()}, ${new Date().toISOString()}` });
    mkdirSync(dirname(ledger.#local), { recursive: true, mode: 0o700 });
    write(`${ledger.#local}.json`, `${JSON.stringify(back, null, 1)}\n`);
    write(`${ledger.#local}.sh`, head);
    onMade(ledger);
    const folder = quote(ledger.folder);
    await ledger.change(
      [{ command: `rm -rf -- ${folder}`, outlivesBoot: true }],
      `mkdir -m 700 ${folder}`,
      `mkdir -p ${ledgerFolder}\n${append(ledger.path, head)}`,
    );
    ledger.#lock = await AgentProcess.start(machine.agent, '', '/', [
      ...['flock', '-n', '-E', String(lockedCode), ledger.path, 'cat'],
    ]);
    return ledger;
  }

  /** Writes the lines to both disks, then runs the script. */
  async change(undo: Undo[], script: string, before = ''): Promise<ExecResult> {
    const lines = undo.map(ledgerLine).join('');
    write(`${this.#local}.sh`, lines);
    const file = quote(this.path);
    return this.machine.exec(
      `set -e\n${before}${append(this.path, lines)}sync ${file} ${ledgerFolder} 2>/dev/null || sync\nset +e\n${script}`,
    );
  }

  /**
   * Takes every change back, the last one first, and forgets them.
   * @throws {CommandFailed} naming what could not be undone; both files stay.
   */
  async undo(): Promise<void> {
    await this.#lock?.[Symbol.asyncDispose]();
    await replay(this.machine, this.path);
    forget(this.#local);
  }
}

/** @throws {CommandFailed} naming each line that could not be undone. */
export async function replay(machine: Machine, path: string): Promise<void> {
  const { code, stderr } = await machine.exec(replayScript(path), {
    okCodes: Array.from({ length: 256 }, (_, i) => i),
    timeoutMs: 60_000,
  });
  if (machine.lost) throw machine.lost;
  if (code !== 0) {
    throw new CommandFailed(machine.name, `sh ${path}`, code, stderr, {
      hint: `remove the obstacle on ${machine.name}, then: drlab lab sweep --lab FILE`,
    });
  }
}

/** Removes the local copy of one host's ledger, and the lab's folder after the last one. */
export function forget(local: string): void {
  for (const end of ['.sh', '.json']) rmSync(`${local}${end}`, { force: true });
  if (readdirSync(dirname(local)).length === 0) rmdirSync(dirname(local));
}

const append = (path: string, text: string): string =>
  `cat >>${quote(path)} <<'DRLAB_LEDGER_END'\n${text}DRLAB_LEDGER_END\n`;

/** Appends, and returns only once it is on the disk. */
function write(path: string, text: string): void {
  try {
    const file = openSync(path, 'a', 0o600);
    writeSync(file, text);
    fsyncSync(file);
    closeSync(file);
  } catch (error) {
    throw new LabUnavailable(`the undo ledger ${path} cannot be written, so nothing may be changed`, {
      cause: error,
    });
  }
}
