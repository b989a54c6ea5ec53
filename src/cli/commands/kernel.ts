import type { Command } from 'commander';
import {
  cachedKernels,
  findKernel,
  type KernelPackage,
  newestOfSeries,
  obtainableKernels,
  sizeOf,
} from '../../../lab/kernel/index.ts';
import { DrlabError } from '../../util/errors.ts';
import { fetchNotes, megabytes } from '../fetch-notes.ts';

export function addKernel(program: Command): void {
  const kernel = program
    .command('kernel')
    .summary('kernels for the qemu sandbox: list, fetch')
    .description(
      "Kernels for the qemu sandbox: this distribution's packages, fetched into the cache of this user and never installed.",
    );
  kernel
    .command('list')
    .summary('the kernels that are fetched, and those that can be')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  drlab kernel list')
    .action(async (options: { json?: boolean }) => {
      const listed = await listKernels();
      process.stdout.write(options.json ? `${JSON.stringify(listed, null, 2)}\n` : table(listed));
    });
  kernel
    .command('fetch')
    .summary('fetch a kernel, so that --kernel finds it')
    .argument('<kernel>', 'a release or the beginning of one, such as 6.1')
    .addHelpText('after', '\nExample:\n  drlab kernel fetch 6.12 && drlab run --sandbox qemu --kernel 6.12')
    .action(async (wanted: string) => {
      const say = (text: string): void => void process.stdout.write(`${text}\n`);
      const { release, image } = await findKernel(wanted, fetchNotes(say));
      say(`${release} is at ${image}`);
    });
}

interface Listed {
  fetched: { release: string; image: string; bytes: number }[];
  /** The newest of each series. */
  obtainable: KernelPackage[];
  /** Why nothing can be fetched, and what to do. */
  problem?: string;
}

async function listKernels(): Promise<Listed> {
  const kernels = await cachedKernels();
  const fetched = await Promise.all(
    kernels.map(async ({ release, image }) => ({ release, image, bytes: await sizeOf(release) })),
  );
  try {
    return { fetched, obtainable: newestOfSeries(await obtainableKernels()) };
  } catch (error) {
    if (!(error instanceof DrlabError)) throw error;
    const { message, hint } = error;
    return { fetched, obtainable: [], problem: hint ? `${message} (${hint})` : message };
  }
}

function table({ fetched, obtainable, problem }: Listed): string {
  const here = fetched.map(({ release, bytes }) => `fetched     ${release.padEnd(28)} ${megabytes(bytes)}`);
  const there = obtainable
    .filter(({ release }) => !fetched.some((one) => one.release === release))
    .map(
      ({ release, series, downloadBytes }) =>
        `obtainable  ${release.padEnd(28)} ${megabytes(downloadBytes)} to fetch: drlab kernel fetch ${series}`,
    );
  return `${[...here, ...there, ...(problem ? [problem] : [])].join('\n')}\n`;
}
