import { fork, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { driverOf } from '../../../lab/drivers.ts';
import { findLab, readLab } from '../../model/labfile/index.ts';
import type { StandingLab } from '../../model/state.ts';
import { DrlabError, type ExitCode, exitCode, LabUnavailable, UsageError } from '../../util/errors.ts';
import { compiled } from '../../util/root.ts';
import { until } from '../../util/until.ts';
import { interruptible } from '../outside/context.ts';
import type { KeeperNews } from '../outside/keeper.ts';
import { isAlive, labDir, makeLabDir, standingLab, standingLabs } from '../outside/labs.ts';
import { launch, needsOf } from '../outside/launch.ts';
import { type LabOptions, withLab } from './run.ts';
import { addSweep } from './sweep.ts';

export function addLab(program: Command, setExit: (code: number) => void): void {
  const lab = program
    .command('lab')
    .enablePositionalOptions()
    .summary('labs to explore by hand: shell, up, exec, ls, down, sweep');
  withLab(lab.command('shell'))
    .summary('bring a lab up and open a shell inside it')
    .argument('[command...]', 'run this instead of an interactive shell, such as d1 ipvsadm -Ln')
    .addHelpText('after', '\nExample:\n  drlab lab shell --lab minimal -- d1 ipvsadm -Ln')
    .action(async (command: string[], options: LabOptions) => setExit(await shell(command, options)));
  lab
    .command('up')
    .summary('bring a lab up in the host sandbox and leave it up')
    .option('-l, --lab <lab>', 'a lab file, or the name of a ready-made lab', 'default')
    .addHelpText(
      'after',
      '\nExample:\n  drlab lab up --lab nftables && drlab lab exec c1 curl -s 198.18.0.100',
    )
    .action(async (options: { lab: string }) => up(options.lab));
  lab
    .command('exec')
    .summary('run a command on a host of a lab that is up')
    .argument('<host>', 'such as d1')
    .argument('<command...>')
    .option('-n, --name <lab>', 'which lab, when several are up')
    .passThroughOptions()
    .addHelpText('after', '\nExample:\n  drlab lab exec d1 ip neigh')
    .action(async (host: string, command: string[], options: { name?: string }) =>
      setExit(await exec(await standingLab(options.name), host, command)),
    );
  lab
    .command('ls')
    .summary('list the labs that are up')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  drlab lab ls --json')
    .action(async (options: { json?: boolean }) => {
      const labs = await standingLabs();
      process.stdout.write(options.json ? `${JSON.stringify(labs, null, 2)}\n` : labs.map(line).join(''));
    });
  lab
    .command('down')
    .summary('take a lab down')
    .argument('[name]', 'which lab, when several are up')
    .addHelpText('after', '\nExample:\n  drlab lab down nftables')
    .action(async (name: string | undefined) => down(await standingLab(name)));
  addSweep(lab, setExit);
}

const line = ({ name, file, since, hosts }: StandingLab): string =>
  `${name}  up since ${since}  ${hosts.length} hosts (${hosts.map((host) => host.name).join(' ')})  ${file}\n`;

async function shell(command: string[], options: LabOptions): Promise<number> {
  const { spec } = await readLab(await findLab(options.lab));
  const outDir = await mkdtemp(join(tmpdir(), 'drlab-shell-'));
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  try {
    const { code, problem, events } = await launch({
      job: { kind: 'shell', spec, outDir, ...(command.length > 0 ? { command } : {}) },
      sandbox: options.sandbox,
      kernel: options.kernel,
      onNote: say,
      needs: needsOf(spec),
      interactive: true,
      onChoice: (trials) => say(`sandbox: ${trials.find((trial) => trial.taken)?.sandbox}`),
      onEvent: () => {},
      signal: interruptible(),
    });
    const fault = events.find((event) => event.type === 'fault');
    if (fault) say(`drlab: ${fault.message}`);
    if (code === null) throw new LabUnavailable(problem ?? 'the sandbox ended', { hint: tail(outDir) });
    return code;
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

/** The folder goes, so what the console said last goes into the message. */
function tail(outDir: string): string {
  const path = join(outDir, 'raw', 'console.log');
  const said = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  return said.split('\n').slice(-5).join('\n') || 'its console shows nothing';
}

async function up(labName: string): Promise<void> {
  const { file, spec } = await readLab(await findLab(labName));
  if (driverOf(spec).needs(spec).elsewhere)
    throw new UsageError(
      `the hosts of «${spec.name}» are elsewhere, and only labs in a sandbox can stay up`,
      {
        hint: `drlab lab shell --lab ${labName}`,
      },
    );
  if ((await standingLabs()).some((lab) => lab.name === spec.name))
    throw new UsageError(`a lab «${spec.name}» is up already`, { hint: `drlab lab down ${spec.name}` });
  const folder = await makeLabDir(spec.name);
  const order = join(folder, 'order.json');
  await writeFile(order, JSON.stringify({ file, spec }));
  const keeper = fork(compiled('src/cli/outside/keeper.js'), [order], { detached: true, stdio: 'ignore' });
  try {
    const tookMs = await new Promise<number>((resolve, reject) => {
      keeper.on('error', reject);
      keeper.on('exit', () => reject(new LabUnavailable('the lab ended while it came up')));
      keeper.on('message', (news: KeeperNews) => {
        if ('progress' in news) process.stderr.write(`${news.progress}\n`);
        if ('up' in news) resolve(news.up);
        if ('failed' in news)
          reject(
            new KeeperFailed(news.failed, news.exit as ExitCode, news.hint ?? insteadOfUp(labName, news)),
          );
      });
    });
    process.stdout.write(
      `${spec.name} is up (${tookMs} ms): drlab lab exec HOST COMMAND, drlab lab down ${spec.name}\n`,
    );
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    if (keeper.connected) keeper.disconnect();
    keeper.unref();
  }
}

/** Only the host's own kernel can hold a lab between commands. */
const insteadOfUp = (lab: string, { exit }: { exit: number }): string | undefined =>
  exit === exitCode.unavailable
    ? `a lab in User-Mode Linux lasts as long as its shell: drlab lab shell --lab ${lab}`
    : undefined;

class KeeperFailed extends DrlabError {
  constructor(
    message: string,
    readonly exit: ExitCode,
    hint: string | undefined,
  ) {
    super(message, hint === undefined ? {} : { hint });
  }
}

async function exec(lab: StandingLab, host: string, command: string[]): Promise<number> {
  if (!lab.hosts.some((one) => one.name === host))
    throw new UsageError(`lab «${lab.name}» has no host «${host}»`, {
      hint: `its hosts: ${lab.hosts.map((one) => one.name).join(' ')}`,
    });
  const user = process.getuid?.() === 0 ? [] : ['-U', '--preserve-credentials'];
  const argv = [
    '-t',
    String(lab.sandbox.pid),
    '-m',
    '-n',
    '-p',
    ...user,
    'ip',
    'netns',
    'exec',
    host,
    ...command,
  ];
  const child = spawn('nsenter', argv, { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

async function down(lab: StandingLab): Promise<void> {
  process.kill(lab.keeper.pid, 'SIGTERM');
  const gone = (): true | undefined => (isAlive(lab.keeper) || isAlive(lab.sandbox) ? undefined : true);
  await until(`lab «${lab.name}» to end`, gone, { withinMs: 10_000 });
  await rm(labDir(lab.name), { recursive: true, force: true });
  process.stdout.write(`${lab.name} is down\n`);
}
