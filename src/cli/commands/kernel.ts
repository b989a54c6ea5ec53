import type { Command } from 'commander';
import {
  type BuildProgress,
  buildKernel,
  builtKernels,
  cachedKernels,
  findKernel,
  type KernelPackage,
  kernelForVirtualTime,
  kernelSource,
  newestOfSeries,
  obtainableKernels,
  sizeOf,
} from '../../../lab/kernel/index.ts';
import { DrlabError } from '../../util/errors.ts';
import { fetchNotes, megabytes } from '../outside/fetch-notes.ts';
import { tryKernel } from '../outside/try-kernel.ts';

export function addKernel(program: Command): void {
  const kernel = program
    .command('kernel')
    .summary('kernels for the qemu sandbox and for virtual time: list, fetch, build')
    .description(
      "Kernels in the cache of this user, never installed: this distribution's packages for the qemu sandbox, and User-Mode Linux for virtual time, built from its sources.",
    );
  kernel
    .command('list')
    .summary('list kernels that are fetched or built, and those that can be')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  drlab kernel list')
    .action(async (options: { json?: boolean }) => {
      const listed = await listKernels();
      process.stdout.write(options.json ? `${JSON.stringify(listed, null, 2)}\n` : table(listed));
    });
  kernel
    .command('fetch')
    .summary('fetch a kernel, so that --kernel finds it')
    .argument('<kernel>', 'a release or a prefix of one, such as 6.1')
    .addHelpText('after', '\nExample:\n  drlab kernel fetch 6.12 && drlab run --sandbox qemu --kernel 6.12')
    .action(async (wanted: string) => {
      const say = (text: string): void => void process.stdout.write(`${text}\n`);
      const { release, image } = await findKernel(wanted, fetchNotes(say));
      say(`${release} is at ${image}`);
    });
  addBuild(kernel);
}

function addBuild(kernel: Command): void {
  kernel
    .command('build')
    .summary('build a User-Mode Linux kernel for virtual time, so that --time virtual finds it')
    .description(
      'Builds a User-Mode Linux kernel with virtual time from sources, boots it, and keeps it in the user’s cache. An interrupted build resumes where it stopped.',
    )
    .option(
      '--source <source>',
      'a package with kernel sources, its series (6.1, 6.12), or the folder of a source tree',
      'linux-source-6.1',
    )
    .option(
      '--unless-built',
      'build nothing if there already is a kernel that this drlab can use, whatever it was built from',
    )
    .addHelpText('after', '\nExample:\n  drlab kernel build && drlab run failover --time virtual --seed 7')
    .action(async ({ source, unlessBuilt }: { source: string; unlessBuilt?: true }) => {
      const say = (text: string): void => void process.stdout.write(`${text}\n`);
      const usable = unlessBuilt && (await kernelForVirtualTime());
      if (usable && !('none' in usable)) return say(`${usable.name} is there already: ${usable.image}`);
      const start = performance.now();
      const check = async (built: Parameters<typeof tryKernel>[0]): Promise<void> => {
        const seconds = ((await tryKernel(built)) / 1000).toFixed(1);
        say(`it boots, has IPVS and nf_tables, and sleeps 600 s in virtual time, all in ${seconds} s`);
      };
      const { kernel: built, fresh } = await buildKernel(
        await kernelSource(source),
        check,
        buildNotes(say, () => performance.now()),
      );
      const took = fresh
        ? `built in ${Math.round((performance.now() - start) / 1000)} s`
        : 'is there already';
      say(`${built.name} (${megabytes(built.bytes)}) ${took}: ${built.image}`);
    });
}

/** Each step once, and while compiling a line every few seconds. */
export function buildNotes(say: (text: string) => void, nowMs: () => number) {
  let [step, toldAt] = ['', nowMs()];
  return (now: BuildProgress): void => {
    const due = nowMs() - toldAt >= compilingNoteMs;
    if (now.step === step && !due) return;
    say(
      now.step === step && now.compiled > 0
        ? `${now.step}: ${now.compiled} files so far, now ${now.folder}`
        : now.step,
    );
    [step, toldAt] = [now.step, nowMs()];
  };
}

const compilingNoteMs = 5_000;

interface Listed {
  built: { name: string; image: string; bytes: number; outdated: boolean }[];
  fetched: { release: string; image: string; bytes: number }[];
  /** The newest of each series. */
  obtainable: KernelPackage[];
  /** Why nothing can be fetched, and what to do. */
  problem?: string;
}

async function listKernels(): Promise<Listed> {
  const kernels = await cachedKernels();
  const built = (await builtKernels()).map(({ name, image, bytes, outdated }) => ({
    name,
    image,
    bytes,
    outdated,
  }));
  const fetched = await Promise.all(
    kernels.map(async ({ release, image }) => ({ release, image, bytes: await sizeOf(release) })),
  );
  try {
    return { built, fetched, obtainable: newestOfSeries(await obtainableKernels()) };
  } catch (error) {
    if (!(error instanceof DrlabError)) throw error;
    const { message, hint } = error;
    return { built, fetched, obtainable: [], problem: hint ? `${message} (${hint})` : message };
  }
}

function table({ built, fetched, obtainable, problem }: Listed): string {
  const virtual = built.map(
    ({ name, bytes, outdated }) =>
      `built       ${name.padEnd(28)} ${megabytes(bytes)}, virtual time${outdated ? ', outdated: drlab kernel build' : ''}`,
  );
  if (built.length === 0) virtual.push('built       none, for virtual time: drlab kernel build');
  const here = fetched.map(({ release, bytes }) => `fetched     ${release.padEnd(28)} ${megabytes(bytes)}`);
  const there = obtainable
    .filter(({ release }) => !fetched.some((one) => one.release === release))
    .map(
      ({ release, series, downloadBytes }) =>
        `obtainable  ${release.padEnd(28)} ${megabytes(downloadBytes)} to fetch: drlab kernel fetch ${series}`,
    );
  return `${[...virtual, ...here, ...there, ...(problem ? [problem] : [])].join('\n')}\n`;
}
