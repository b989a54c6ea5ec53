import { constants } from 'node:fs';
import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { hostname, release } from 'node:os';
import { dirname, join } from 'node:path';
import type { KvmTrial } from '../../../src/model/state.ts';
import { cacheDir, type Kernel } from '../../kernel/index.ts';
import { guestUp } from '../console.ts';
import { minimalEnvironment } from '../environment.ts';
import { startIsolated } from '../isolated.ts';
import { namespaces } from '../isolation.ts';
import { initrdFd, qemuArguments } from './arguments.ts';
import { type KvmMemory, parseKvmMemory, recall, remember } from './kvm-memory.ts';
import { emulator } from './programs.ts';
import { withUnlinked } from './unlinked.ts';

/** A boot to the first line takes about a second where KVM works. */
const trialMs = 8_000;

/** Whether this kernel boots under KVM here: remembered, or tried with a deadline. */
export async function kvmWorks(kernel: Kernel, initrd: Buffer): Promise<KvmTrial> {
  const at = new Date().toISOString();
  const refused = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? 'there is no /dev/kvm' : '/dev/kvm may not be opened by this user',
  );
  if (refused !== undefined) return { works: false, why: refused, at };
  const path = join(cacheDir(), 'kvm.json');
  const key = `${hostname()} ${release()} with ${kernel.release}`;
  const memory: KvmMemory = parseKvmMemory(await readFile(path, 'utf8').catch(() => ''));
  const known = recall(memory, key, Date.parse(at));
  if (known) return known;
  const trial = { ...(await tryBoot(kernel, initrd)), at };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.${process.pid}`, JSON.stringify(remember(memory, key, trial), null, 2));
  await rename(`${path}.${process.pid}`, path);
  return trial;
}

function tryBoot(kernel: Kernel, initrd: Buffer): Promise<Pick<KvmTrial, 'works' | 'why'>> {
  return withUnlinked(initrd, async (fd) => {
    const machine = {
      ...({ accelerator: 'kvm', cpus: 1, memoryMiB: 256, stdin: 'none', init: 'trial' } as const),
      ...{ image: kernel.image, initrd: `/proc/self/fd/${initrdFd}` },
    };
    const isolated = startIsolated({
      isolation: namespaces(),
      argv: [emulator, ...qemuArguments(machine, [])],
      env: minimalEnvironment({}),
      cwd: '/',
      writableDirs: [],
      runMiB: 16,
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
      extra: [fd, fd],
      foreground: false,
    });
    let said = '';
    const { stdout, stderr } = isolated.process;
    for (const stream of [stdout, stderr])
      stream?.on('data', (chunk) => {
        said += String(chunk);
      });
    let late = false;
    const deadline = setTimeout(() => {
      late = true;
      isolated.kill();
    }, trialMs);
    await isolated.ended;
    clearTimeout(deadline);
    if (said.includes(guestUp)) return { works: true, why: 'a boot under it succeeded' };
    if (late) return { works: false, why: `a boot under it showed no output within ${trialMs / 1000} s` };
    return { works: false, why: said.trim().split('\n')[0] || 'a boot under it ended without output' };
  });
}
