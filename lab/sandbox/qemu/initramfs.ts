import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { LabUnavailable } from '../../../src/util/errors.ts';
import { type CpioEntry, cpio, type Kernel, loadOrder, readModules } from '../../kernel/index.ts';
import { asset } from '../assets.ts';

/** What the first steps need from the kernel, before the modules of its own can be seen. */
export const firstModules = ['virtio_pci', '9pnet_virtio', '9p', 'overlay'];

const folders = ['dev', 'proc', 'new', 'scratch', 'modules'];

/** The first root of a guest: a shell, the modules for a root over 9p, and `first.sh`. */
export async function initramfs(kernel: Kernel, busybox: string): Promise<Buffer> {
  const modulesDir = kernel.modulesDir;
  const paths = modulesDir === undefined ? [] : loadOrder(await readModules(modulesDir), firstModules);
  const modules = await Promise.all(
    paths.map(async (path, index): Promise<CpioEntry> => {
      const content = await uncompressed(join(modulesDir ?? '', path), busybox);
      return file(
        `modules/${String(index).padStart(2, '0')}-${basename(path).replace(/\.ko.*/, '.ko')}`,
        content,
      );
    }),
  );
  return cpio([
    ...folders.map((path): CpioEntry => ({ path, kind: 'folder', mode: 0o755 })),
    file('busybox', await readFile(busybox)),
    file('init', await readFile(asset('qemu/first.sh'))),
    ...modules,
  ]);
}

const file = (path: string, content: Buffer): CpioEntry => ({ path, kind: 'file', mode: 0o755, content });

/** Ending of a module's file to the applet of busybox that unpacks it. */
const unpackers: Record<string, string> = { '.xz': 'unxz', '.gz': 'gunzip' };

async function uncompressed(path: string, busybox: string): Promise<Buffer> {
  const ending = /\.ko(\.\w+)?$/.exec(path)?.[1];
  if (ending === undefined) return readFile(path);
  const applet = unpackers[ending];
  if (applet === undefined)
    throw new LabUnavailable(`${path}: modules packed as ${ending} are not supported`);
  const options = { encoding: 'buffer', maxBuffer: 64 << 20 } as const;
  return (await promisify(execFile)(busybox, [applet, '-c', path], options)).stdout;
}
