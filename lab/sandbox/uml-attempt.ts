import { readdir } from 'node:fs/promises';
import { dockerd, lacking } from './locate.ts';
import { canUnshare } from './probe.ts';
import type { Attempt, SandboxNeeds } from './types.ts';
import { unfitRegisters } from './uml-registers.ts';

/** Where Debian's user-mode-linux keeps its modules, in folders named by kernel release. */
export const modulesDir = '/usr/lib/uml/modules';

const programs = [
  { name: 'linux.uml', package: 'user-mode-linux' },
  { name: 'modprobe', package: 'kmod' },
  { name: 'ip', package: 'iproute2' },
  { name: 'ipvsadm', package: 'ipvsadm', need: 'ipvs' },
  { ...dockerd, need: 'dockerd' },
] as const;

/** The same with a kernel that was built here, which has all built in. */
export async function attemptBuilt(why: string, needs: SandboxNeeds): Promise<Attempt> {
  const others = programs.filter(({ name }) => name !== 'linux.uml' && name !== 'modprobe');
  const missing = await lacking(others.filter((one) => !('need' in one) || needs[one.need]));
  return missing ?? (await unfitRegisters()) ?? { ok: true, why };
}

/** Looks whether the kernel, its modules and the programs are there; booting is left to the start. */
export async function attemptUml(needs: SandboxNeeds): Promise<Attempt> {
  if (process.arch !== 'x64') return { ok: false, why: `User-Mode Linux does not run on ${process.arch}` };
  const missing = await lacking(programs.filter((one) => !('need' in one) || needs[one.need]));
  if (missing) return missing;
  if (needs.nftNetdev) {
    return { ok: false, why: "Debian's User-Mode Linux kernel lacks the netdev family of nf_tables" };
  }
  const releases = await readdir(modulesDir).catch(() => []);
  if (releases.length === 0) {
    return { ok: false, why: `no modules in ${modulesDir}`, install: 'apt-get install user-mode-linux' };
  }
  const unfit = await unfitRegisters();
  if (unfit) return unfit;
  const entry = await canUnshare();
  const watched = entry.ok ? '' : `, watched instead of isolated (${entry.why})`;
  return { ok: true, why: `User-Mode Linux ${releases.join(', ')} with IPVS modules${watched}` };
}
