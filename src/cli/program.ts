import { Command, CommanderError } from 'commander';
import { DrlabError, exitCode, messageOf } from '../util/errors.ts';
import { addClaims } from './commands/claims.ts';
import { addCompare } from './commands/compare.ts';
import { addCompletion } from './commands/completion.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExplore } from './commands/explore.ts';
import { addKernel } from './commands/kernel.ts';
import { addLab } from './commands/lab.ts';
import { addLint } from './commands/lint.ts';
import { addList } from './commands/list.ts';
import { addMatrix } from './commands/matrix.ts';
import { addMutants } from './commands/mutants.ts';
import { addReport } from './commands/report.ts';
import { addRun } from './commands/run.ts';
import { addTrend } from './commands/trend.ts';
import { packageVersion } from './outside/package.ts';

/** The command line: composes everything and prints. */

/** Does what the command line asks for. @returns the exit code */
export const drlab = (argv: string[]): Promise<number> => main(argv).catch(explain);

async function main(argv: string[]): Promise<number> {
  let code: number = exitCode.conformant;
  const setExit = (value: number): void => {
    code = value;
  };
  const program = new Command('drlab')
    .description('Builds LVS-DR labs, tests them, and reports with evidence what works.')
    .version(packageVersion)
    .showHelpAfterError('(see --help)')
    .enablePositionalOptions()
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  addRun(program, setExit);
  addMutants(program, setExit);
  addMatrix(program, setExit);
  addCompare(program, setExit);
  addExplore(program, setExit);
  addClaims(program, setExit);
  addLint(program, setExit);
  addList(program);
  addReport(program, setExit);
  addTrend(program);
  addDoctor(program, setExit);
  addLab(program, setExit);
  addKernel(program);
  addCompletion(program);
  program.addHelpText('after', `\nExample:\n  drlab run arp --lab routed\n\n${exitCodesText}`);
  for (const command of [...program.commands, ...program.commands.flatMap((one) => one.commands)])
    command.exitOverride().showHelpAfterError('(see --help)');
  try {
    await program.parseAsync(argv);
    return code;
  } catch (error) {
    return explain(error);
  }
}

const exitCodesText = `Exit codes: 0 conformant, 1 not conformant, 2 inconclusive, 3 nothing ran, 64 usage,
65 invalid lab file, 69 no lab possible here, 70 a bug in drlab, 130 interrupted.`;

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.conformant : exitCode.usage;
  if (error instanceof DrlabError) {
    process.stderr.write(
      `drlab: ${error.message}\n${error.hint === undefined ? '' : `       ${error.hint}\n`}`,
    );
    return error.exit;
  }
  const stack = error instanceof Error ? error.stack : undefined;
  process.stderr.write(`drlab: this is a bug in drlab: ${stack ?? messageOf(error)}\n`);
  return exitCode.bug;
}
