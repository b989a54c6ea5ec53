import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { buildKernel } from './build.ts';
import { builtDir, builtKernels, kernelForVirtualTime, recipe } from './built.ts';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'drlab-built-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

async function keep(name: string, release: string): Promise<void> {
  const dir = join(builtDir(), name);
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'linux'), 'a kernel');
  await writeFile(join(dir, 'release'), `${release}\n`);
}

it('says that none has been built', async () => {
  expect(await kernelForVirtualTime()).toEqual({ none: 'no kernel with virtual time has been built' });
});

it('takes the newest that was made from the fragment of today, and no half-built one', async () => {
  const current = await recipe();
  await keep(`6.1.9-1-${current}`, '6.1.9');
  await keep(`6.12.7-1-${current}`, '6.12.7');
  await keep('6.13.0-1-00000000', '6.13.0');
  await keep(`.build-6.14-${current}`, '6.14.0');
  expect((await builtKernels()).map(({ release, outdated }) => [release, outdated])).toEqual([
    ['6.13.0', true],
    ['6.12.7', false],
    ['6.1.9', false],
  ]);
  expect(await kernelForVirtualTime()).toMatchObject({ release: '6.12.7', bytes: 8 });
});

it('refuses one from another fragment, and says so', async () => {
  await keep('6.13.0-1-00000000', '6.13.0');
  expect(await kernelForVirtualTime()).toEqual({ none: expect.stringMatching(/different fragment/) });
});

it('builds nothing that is there', async () => {
  const name = `6.1.9-1-${await recipe()}`;
  await keep(name, '6.1.9');
  const source = { from: 'linux-source-6.1', version: '6.1.9-1', tree: false };
  const { kernel, fresh } = await buildKernel(source, () => Promise.reject(new Error('it was booted again')));
  expect([kernel.name, fresh]).toEqual([name, false]);
});

it.each([
  ['', 'expected a release such as 6.1.192, found «»'],
  ['Linux', 'found «Linux»'],
])('tells a cached kernel whose release is %j, and what to do', async (release, says) => {
  await keep('6.1.9-1-00000000', release);
  const dir = join(builtDir(), '6.1.9-1-00000000');
  await expect(builtKernels()).rejects.toThrow(says);
  await rm(join(dir, 'release'));
  await expect(builtKernels()).rejects.toMatchObject({
    message: expect.stringContaining(`${dir}: expected a kernel in the files linux and release`),
    hint: 'Remove the folder, and build the kernel again: drlab kernel build',
  });
});
