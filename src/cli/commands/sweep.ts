import type { Command } from 'commander';
import { sweepDocker } from '../../../lab/docker/index.ts';
import { findLab, readLab } from '../../model/labfile/index.ts';
import type { LabSpec } from '../../model/spec.ts';
import { exitCode } from '../../util/errors.ts';

/** Puts right what a drlab that was killed left outside of any sandbox. */

interface SweepOptions {
  docker?: string[];
  lab?: string;
  json?: boolean;
}

export interface Sweeping {
  /** The Docker or the lab that was swept. */
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
      'Removes what carries the mark of a drlab that no longer lives, and nothing else: containers, networks, images and interfaces.',
    )
    .option('-d, --docker <endpoint...>', 'a Docker, such as unix:///var/run/docker.sock')
    .option('-l, --lab <lab>', 'every Docker that this lab file names')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  drlab lab sweep --docker unix:///var/run/docker.sock')
    .action(async (options: SweepOptions) => {
      const endpoints = await endpointsOf(options);
      const done: Sweeping[] = [];
      for (const where of endpoints) done.push({ where, ...(await sweepDocker(where)) });
      process.stdout.write(options.json ? `${JSON.stringify(done, null, 2)}\n` : done.map(text).join(''));
      if (done.some(({ failed }) => failed.length > 0)) setExit(exitCode.inconclusive);
    });
}

const ordinary = 'unix:///var/run/docker.sock';

async function endpointsOf({ docker = [], lab }: SweepOptions): Promise<string[]> {
  const named = [
    ...docker,
    ...(lab === undefined ? [] : dockersOf((await readLab(await findLab(lab))).spec)),
  ];
  return named.length > 0 ? [...new Set(named)] : [process.env.DOCKER_HOST ?? ordinary];
}

/** A Docker of drlab's own ended with its lab. */
export const dockersOf = ({ driver }: LabSpec): string[] =>
  driver.kind === 'docker'
    ? [driver.endpoint, ...Object.values(driver.hosts)].filter((endpoint) => endpoint !== 'own')
    : [];

function text({ where, removed, left, failed }: Sweeping): string {
  const lines = [
    ...removed.map((name) => `  removed ${name}`),
    ...left.map((name) => `  left ${name}`),
    ...failed.map((name) => `  could not remove ${name}`),
  ];
  return `${where}: ${lines.length === 0 ? 'nothing of ours' : `\n${lines.join('\n')}`}\n`;
}
