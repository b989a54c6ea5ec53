import { spawn } from 'node:child_process';
import { mkdir, rename, rm, statfs } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LabUnavailable } from '../../src/util/errors.ts';
import { exists } from '../../src/util/exists.ts';
import { asset } from '../sandbox/assets.ts';
import {
  type BuiltKernel,
  builtDir,
  builtKernels,
  fragmentPath,
  readBuilt,
  recipe,
  seederSource,
} from './built.ts';
import type { KernelSource } from './source.ts';

export interface BuildProgress {
  /** Such as `fetching linux-source-6.1`. */
  step: string;
  /** Files compiled by this call. */
  compiled: number;
  /** The folder of the sources that is being compiled. */
  folder: string;
}

/** Sources and objects together, with a margin. */
const neededBytes = 2_000_000_000;

const tools = [
  { path: '/usr/bin/gcc', package: 'gcc' },
  { path: '/usr/include/stdio.h', package: 'libc6-dev' },
  { path: '/usr/bin/make', package: 'make' },
  { path: '/usr/bin/flex', package: 'flex' },
  { path: '/usr/bin/bison', package: 'bison' },
  { path: '/usr/bin/bc', package: 'bc' },
  { path: '/usr/bin/strip', package: 'binutils' },
  { path: '/usr/bin/xz', package: 'xz-utils' },
];

/** The command that installs what building lacks here; undefined when nothing is lacking. */
export async function missingBuildTools(): Promise<{ names: string[]; install: string } | undefined> {
  const there = await Promise.all(tools.map(({ path }) => exists(path)));
  const names = tools.filter((_, i) => !there[i]).map((tool) => tool.package);
  if (names.length === 0) return undefined;
  return { names, install: `apt-get install -y --no-install-recommends ${names.join(' ')}` };
}

/**
 * Builds a kernel into the cache of this user, unless it is there. It gets its place only after `check` has
 * passed; cut off before, it goes on where it was.
 * @throws {LabUnavailable} where a program is missing or the build fails, with what the build said last.
 */
export async function buildKernel(
  source: KernelSource,
  check: (kernel: BuiltKernel) => Promise<void>,
  progress: (now: BuildProgress) => void = () => {},
): Promise<{ kernel: BuiltKernel; fresh: boolean }> {
  const current = await recipe();
  const name = `${source.version}-${current}`;
  const there = (await builtKernels()).find((one) => one.name === name);
  if (there && !source.tree) return { kernel: there, fresh: false };
  const missing = await missingBuildTools();
  if (missing) {
    throw new LabUnavailable(`building a kernel needs ${missing.names.join(', ')}`, {
      hint: missing.install,
    });
  }
  await mkdir(builtDir(), { recursive: true });
  const { bavail, bsize } = await statfs(builtDir());
  if (bavail * bsize < neededBytes) {
    throw new LabUnavailable(`building a kernel needs ${neededBytes / 1e9} GB in ${builtDir()}`);
  }
  const work = join(builtDir(), `.build-${source.version}`);
  await make(source, work, progress);
  const whole = join(work, 'whole');
  progress({ step: 'booting it', compiled: 0, folder: '' });
  await check(await readBuilt(whole, name, current));
  const place = join(builtDir(), name);
  await rm(place, { recursive: true, force: true });
  await rename(whole, place);
  // A tree is built again and again; of a package's sources nothing is left to do.
  if (!source.tree) await rm(work, { recursive: true, force: true });
  return { kernel: await readBuilt(place, name, current), fresh: true };
}

async function make(source: KernelSource, work: string, progress: (now: BuildProgress) => void) {
  const jobs = String(availableParallelism());
  const args = [asset('../kernel/build.sh'), work, source.from, fragmentPath(), seederSource(), jobs];
  const child = spawn('/bin/sh', args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  const now: BuildProgress = { step: 'starting', compiled: 0, folder: '' };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const step = /^step: (.*)/.exec(line)?.[1];
    const object = /^\s+(?:CC|AS|LD|AR|HOSTCC)\s+(\S+)/.exec(line)?.[1];
    if (step !== undefined) now.step = step;
    else if (object === undefined) return;
    else {
      now.compiled++;
      now.folder = object.split('/').slice(0, 2).join('/');
    }
    progress({ ...now });
  });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line);
    if (said.length > 200) said.shift();
  });
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  if (code === 0) return;
  const error = said.find((line) => /error|not clean|No such file|Unable/i.test(line)) ?? said.at(-1) ?? '';
  throw new LabUnavailable(`the kernel could not be built (${now.step}): ${withoutAddresses(error.trim())}`, {
    hint: `what was built so far is kept in ${work}, and the next attempt resumes from it`,
  });
}

/** Where packages come from is the machine's business. */
const withoutAddresses = (text: string): string => text.replace(/\bhttps?:\S+\s*/g, '');
