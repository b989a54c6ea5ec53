import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { asset } from '../sandbox/assets.ts';
import { fragmentPath } from './built.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'drlab-build-'));
});
afterEach(() => rm(dir, { recursive: true }));

const tree = [
  'arch/arm/Kconfig',
  'arch/arm/kernel/head.S',
  'arch/um/kernel/um_arch.c',
  'arch/x86/um/signal.c',
  'drivers/gpu/drm/Kconfig',
  'drivers/gpu/drm/drm_drv.c',
  'drivers/net/ethernet/Makefile',
  'drivers/net/ethernet/intel/e1000/e1000_main.c',
  'drivers/net/veth.c',
];

it('unpacks of the sources what Kconfig and the compiler read', async () => {
  for (const file of tree) {
    const path = join(dir, 'linux-source', file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '');
  }
  const to = join(dir, 'to');
  await mkdir(to);
  const archive = join(dir, 'sources.tar');
  execFileSync('tar', ['-c', '-C', dir, '-f', archive, 'linux-source']);
  const leftOut = `--exclude-from=${asset('../kernel/not-unpacked')}`;
  execFileSync('tar', ['-x', '-C', to, '--strip-components=1', leftOut, '-f', archive]);
  const there = await readdir(to, { recursive: true, withFileTypes: true });
  const files = there.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  expect(files.map((path) => path.slice(to.length + 1)).sort()).toEqual([
    'arch/arm/Kconfig',
    'arch/um/kernel/um_arch.c',
    'arch/x86/um/signal.c',
    'drivers/gpu/drm/Kconfig',
    'drivers/net/ethernet/Makefile',
    'drivers/net/veth.c',
  ]);
});

it('names each option of a kernel once', async () => {
  const lines = (await readFile(fragmentPath(), 'utf8')).split('\n');
  const names = lines.flatMap((line) => /^(?:# )?(CONFIG_\w+)(?:=y| is not set)$/.exec(line)?.[1] ?? []);
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  const others = lines.filter((line) => line.includes('CONFIG_')).length - names.length;
  expect(others).toBe(0);
});
