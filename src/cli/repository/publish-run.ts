import { join } from 'node:path';
import { Command } from 'commander';
import { DrlabError, UsageError } from '../../util/errors.ts';
import { exists } from '../../util/exists.ts';
import { packageRoot } from '../../util/root.ts';
import { publish } from './publish.ts';

/** `npm run publish-report -- RUN NAME`: copies what a reader opens of a run to reports/published/NAME. */

const reports = join(packageRoot, 'reports');

async function main(run: string, name: string, { evidence = [] }: { evidence?: string[] }): Promise<void> {
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(name))
    throw new UsageError(`«${name}» is not a valid folder name; expected one such as default-uml`);
  const from = (await exists(run)) ? run : join(reports, 'runs', run);
  const to = join(reports, 'published', name);
  await publish(from, to, evidence);
  process.stdout.write(`${to}\nDescribe it in reports/published/README.md.\n`);
}

await new Command('publish-report')
  .description(
    'Copies the files of a run, a matrix, a comparison or an exploration that readers open to reports/published.',
  )
  .argument('<run>', 'its folder, or its ID in reports/runs; a published one is redrawn')
  .argument('<name>', 'name of the folder in reports/published')
  .option('-e, --evidence <check...>', 'IDs of checks whose evidence is copied, too')
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof DrlabError)) throw error;
    process.stderr.write(`${error.message}\n${error.hint === undefined ? '' : `${error.hint}\n`}`);
    process.exitCode = error.exit;
  });
