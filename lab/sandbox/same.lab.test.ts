import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { kernelForVirtualTime } from '../kernel/index.ts';
import { guestMemoryMiB } from '../machine/index.ts';
import { virtualTimeSandbox } from './uml.ts';

/** A guest in virtual time must see nothing of what is called otherwise in another run. */

const kernel = await kernelForVirtualTime();
const why = 'none' in kernel ? ` (not run: ${kernel.none}; drlab kernel build)` : '';

/** Sockets show by hashed addresses where the kernel keeps them. */
const looksAround = `
  cat /proc/mounts /proc/cmdline /proc/meminfo /proc/net/netlink /proc/uptime
  env; pwd; hostname; od -An -N16 -tx8 /dev/urandom; ls /run /run/package`;

let folder: string | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

it.skipIf(why !== '')(`looks the same whatever folders and terminals are called${why}`, async () => {
  if ('none' in kernel) return;
  folder = await mkdtemp(join(tmpdir(), 'drlab-same-'));
  const look = async (dir: string, image: string): Promise<string> => {
    const out = join(folder ?? '', dir);
    await mkdir(out);
    const sandbox = virtualTimeSandbox({ ...kernel, image }, 7);
    await using guest = await sandbox.start({
      argv: ['/bin/sh', '-c', `${looksAround}; echo kept >/run/out/kept`],
      env: {},
      cwd: '/run/package',
      writableDirs: [out],
      consolePath: join(out, 'console.log'),
      interactive: false,
      memoryMiB: guestMemoryMiB,
    });
    expect(await guest.exited).toEqual({ code: 0 });
    expect(await readFile(join(out, 'kept'), 'utf8')).toBe('kept\n');
    return readFile(join(out, 'console.log'), 'utf8');
  };
  vi.stubEnv('TERM', 'dumb');
  const first = await look('a', kernel.image);
  const link = join(folder, 'a-kernel-of-a-longer-name');
  await symlink(kernel.image, link);
  vi.stubEnv('TERM', 'a-terminal-of-a-longer-name');
  expect(await look('and-a-folder-of-a-far-longer-name', link)).toBe(first);
  expect(first).toContain('/run/package\n');
  expect(first).toContain('package.json');
});
