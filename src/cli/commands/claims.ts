import type { Command } from 'commander';
import { claims } from '../../../suites/claims/index.ts';
import { checks } from '../../../suites/index.ts';
import { runCases } from '../../run/cases.ts';
import { execute } from '../outside/execute.ts';
import { executable, type RunOptions, withReport } from './run.ts';

export function addClaims(program: Command, setExit: (code: number) => void): void {
  withReport(program.command('claims'))
    .summary('test common claims about LVS-DR in a lab')
    .description(
      'Runs the checks that decide 53 statements from a widely copied article, and says whether each is true.',
    )
    .addHelpText('after', '\nExample:\n  drlab claims --out claims')
    .action(async (options: RunOptions) => {
      const wanted = new Set(claims.flatMap((claim) => claim.decidedBy));
      const selected = checks.filter((check) => wanted.has(check.id));
      setExit(
        await execute({
          command: 'claims',
          ...(await executable(options)),
          checksFor: () => selected,
          casesOf: runCases,
          claims,
        }),
      );
    });
}
