import type { Command } from 'commander';
import { sweepDocker } from '../../../lab/docker/index.ts';
import { type Swept, sweepSsh } from '../../../lab/ssh/index.ts';
import { findLab, readLab } from '../../model/labfile/index.ts';
import type { LabSpec } from '../../model/spec.ts';
import { exitCode } from '../../util/errors.ts';
import { dockersOf } from '../shared/after.ts';

/** Puts right what a drlab that was killed left outside of any sandbox. */

interface SweepOptions {
  docker?: string[];
  lab?: string;
  json?: boolean;
}

export interface Sweeping {
  /** The Docker or the machine that was swept. */
  where: string;
  removed: string[];
  left: string[];
  failed: string[];
}

export function addSweep(lab: Command, setExit: (code: number) => void): void {
  lab
    .command('sweep')
    .summary('remove what labs left behind when drlab was killed')
    .description(
      'Removes what carries the mark of a drlab that no longer lives, and nothing else: containers, networks, images and interfaces. On machines that labs over ssh have changed it undoes what is in their ledgers, of which this machine has copies.',
    )
    .option('-d, --docker <endpoint...>', 'a Docker, such as unix:///var/run/docker.sock')
    .option('-l, --lab <lab>', 'every Docker or machine that this lab file names')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  drlab lab sweep --docker unix:///var/run/docker.sock')
    .action(async (options: SweepOptions) => {
      const spec = options.lab === undefined ? undefined : (await readLab(await findLab(options.lab))).spec;
      const done = await machinesOf(options, spec);
      for (const where of endpointsOf(options, spec, done.length > 0))
        done.push({ where, ...(await sweepDocker(where)) });
      const said = done.map(text).join('') || 'nothing of ours\n';
      process.stdout.write(options.json ? `${JSON.stringify(done, null, 2)}\n` : said);
      if (done.some(({ failed }) => failed.length > 0)) setExit(exitCode.inconclusive);
    });
}

const ordinary = 'unix:///var/run/docker.sock';

/** The ordinary Docker only where nothing else is named. */
function endpointsOf({ docker = [] }: SweepOptions, spec: LabSpec | undefined, machines: boolean): string[] {
  const named = [...docker, ...(spec ? dockersOf(spec) : [])];
  if (named.length > 0) return [...new Set(named)];
  return machines || spec?.driver.kind === 'ssh' ? [] : [process.env.DOCKER_HOST ?? ordinary];
}

/** Those of a lab file, or else all of which there are undo ledgers here. */
async function machinesOf({ docker }: SweepOptions, spec: LabSpec | undefined): Promise<Sweeping[]> {
  if (spec?.driver.kind === 'ssh') return ofMachines(await sweepSsh({ spec }));
  return spec || docker ? [] : ofMachines(await sweepSsh());
}

function ofMachines(swept: Swept[]): Sweeping[] {
  const at = new Map<string, Sweeping>();
  for (const { host, address, ledger = 'what was changed there', outcome, why } of swept) {
    const where = `${host} (${address})`;
    const sweeping = at.get(where) ?? { where, removed: [], left: [], failed: [] };
    at.set(where, sweeping);
    if (outcome === 'undone') sweeping.removed.push(ledger);
    else if (outcome === 'in-use') sweeping.left.push(`${ledger}: its lab is up`);
    else sweeping.failed.push(`${ledger}: ${why}`);
  }
  return [...at.values()];
}

function text({ where, removed, left, failed }: Sweeping): string {
  const lines = [
    ...removed.map((name) => `  removed ${name}`),
    ...left.map((name) => `  left ${name}`),
    ...failed.map((name) => `  could not remove ${name}`),
  ];
  return `${where}: ${lines.length === 0 ? 'nothing of ours' : `\n${lines.join('\n')}`}\n`;
}
