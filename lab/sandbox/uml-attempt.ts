import { access, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { minimalEnvironment } from './environment.ts';
import { canUnshare } from './probe.ts';
import type { Attempt, SandboxNeeds } from './types.ts';

/** Where Debian's user-mode-linux keeps its modules, in folders named by kernel release. */
export const modulesDir = '/usr/lib/uml/modules';

const programs = [
  { name: 'linux.uml', package: 'user-mode-linux' },
  { name: 'modprobe', package: 'kmod' },
  { name: 'ip', package: 'iproute2' },
  { name: 'ipvsadm', package: 'ipvsadm', need: 'ipvs' },
] as const;

/** Looks whether the kernel, its modules and the programs are there; booting is left to the start. */
export async function attemptUml(needs: SandboxNeeds): Promise<Attempt> {
  if (process.arch !== 'x64') return { ok: false, why: `User-Mode Linux does not run on ${process.arch}` };
  const missing = [];
  for (const program of programs) {
    const wanted = !('need' in program) || needs[program.need];
    if (wanted && !(await inPath(program.name))) missing.push(program);
  }
  if (missing.length > 0) {
    return {
      ok: false,
      why: `not installed: ${missing.map(({ name }) => name).join(', ')}`,
      install: `apt-get install ${missing.map((program) => program.package).join(' ')}`,
    };
  }
  if (needs.nftNetdev) {
    return { ok: false, why: "Debian's User-Mode Linux kernel lacks the netdev family of nf_tables" };
  }
  const releases = await readdir(modulesDir).catch(() => []);
  if (releases.length === 0) {
    return { ok: false, why: `no modules in ${modulesDir}`, install: 'apt-get install user-mode-linux' };
  }
  const entry = await canUnshare();
  const watched = entry.ok ? '' : `, watched instead of shut in (${entry.why})`;
  return { ok: true, why: `User-Mode Linux ${releases.join(', ')} with IPVS modules${watched}` };
}

async function inPath(name: string): Promise<boolean> {
  const dirs = (minimalEnvironment({}).PATH ?? '').split(delimiter);
  const found = await Promise.all(
    dirs.map((dir) =>
      access(join(dir, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
