import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineFacts } from '../../lab/machine/index.ts';
import { exitCode, messageOf } from '../util/errors.ts';
import { packageRoot } from '../util/root.ts';
import { measure } from './outside/bench/measure.ts';
import { page } from './outside/bench/page.ts';
import { ownVersion } from './outside/context.ts';
import { makeFolder } from './outside/folders.ts';

/** `npm run bench`: how fast labs come up and go, how soon checks begin, how much memory a lab takes. */

const usage =
  'usage: npm run bench [-- --publish]     --publish: keep the page as reports/published/bench.md\n';

async function main(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(usage);
    return exitCode.conformant;
  }
  if (args.some((arg) => arg !== '--publish')) {
    process.stderr.write(usage);
    return exitCode.usage;
  }
  const note = (text: string): void => void process.stderr.write(`${text}\n`);
  const [figures, machine, { version, commit }] = [
    await measure(note),
    await machineFacts(),
    await ownVersion(),
  ];
  const called = commit === undefined ? version : `${version} (${commit.slice(0, 10)})`;
  const text = page(figures, machine, called, new Date().toISOString().slice(0, 10));
  process.stdout.write(text);
  if (args.includes('--publish'))
    await writeFile(join(await makeFolder(join(packageRoot, 'reports', 'published')), 'bench.md'), text);
  return exitCode.conformant;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`drlab bench: ${messageOf(error)}\n`);
  process.exitCode = exitCode.unavailable;
}
