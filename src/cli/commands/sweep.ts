import type { Command } from 'commander';
import { type Driver, driverOf, drivers, type SweepOptions, type Swept } from '../../../lab/drivers.ts';
import { findLab, readLab } from '../../model/labfile/index.ts';
import type { LabSpec } from '../../model/spec.ts';
import { exitCode } from '../../util/errors.ts';

/** Puts right what a drlab that was killed left outside of any sandbox. */

interface Options {
  docker?: string[];
  lab?: string;
  json?: boolean;
}

export function addSweep(lab: Command, setExit: (code: number) => void): void {
  lab
    .command('sweep')
    .summary('remove what labs left behind when drlab was killed')
    .description(
      'Removes containers, networks, images and interfaces that carry the mark of a drlab process that has ended, and nothing else. On machines that labs over ssh have changed, it undoes what is in their ledgers, of which this machine keeps copies.',
    )
    .option('-d, --docker <endpoint...>', 'a Docker, such as unix:///var/run/docker.sock')
    .option('-l, --lab <lab>', 'every Docker or machine that this lab file names')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  drlab lab sweep --docker unix:///var/run/docker.sock')
    .action(async (options: Options) => {
      const spec = options.lab === undefined ? undefined : (await readLab(await findLab(options.lab))).spec;
      const done = await sweep(options, spec);
      const said = done.map(text).join('') || 'nothing of ours\n';
      process.stdout.write(options.json ? `${JSON.stringify(done, null, 2)}\n` : said);
      if (done.some(({ failed }) => failed.length > 0)) setExit(exitCode.inconclusive);
    });
}

/** What a lab file names and the Dockers named by hand; where neither is given, everything that is known here. */
async function sweep({ docker }: Options, spec: LabSpec | undefined): Promise<Swept[]> {
  const named = spec ? await sweepOf(driverOf(spec), { spec }) : [];
  if (docker) named.push(...(await sweepOf(drivers.docker, { at: docker })));
  if (spec || docker) return named;
  // In the order of the table: of Docker nothing is known here, so one that is there is asked where nothing else was found.
  for (const driver of Object.values(drivers)) {
    const found = await sweepOf(driver, {});
    if (found.length > 0) return found;
  }
  return [];
}

const sweepOf = async (driver: Driver, options: SweepOptions): Promise<Swept[]> =>
  (await driver.sweep?.(options)) ?? [];

function text({ where, removed, left, failed }: Swept): string {
  const lines = [
    ...removed.map((name) => `  removed ${name}`),
    ...left.map((name) => `  left ${name}`),
    ...failed.map((name) => `  could not remove ${name}`),
  ];
  return `${where}: ${lines.length === 0 ? 'nothing of ours' : `\n${lines.join('\n')}`}\n`;
}
