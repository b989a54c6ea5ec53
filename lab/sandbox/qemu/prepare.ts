import { LabUnavailable } from '../../../src/util/errors.ts';
import { cachedKernels, findKernel, type Kernel, type OnFetch, readModules } from '../../kernel/index.ts';
import { moduleName } from '../../kernel/modules.ts';
import { dockerd, lacking } from '../locate.ts';
import { canUnshare } from '../probe.ts';
import type { Attempt, SandboxNeeds } from '../types.ts';
import type { Accelerator } from './arguments.ts';
import { initramfs } from './initramfs.ts';
import { kvmWorks } from './kvm.ts';
import { emulator, staticBusybox } from './programs.ts';

export interface QemuOptions {
  /** A release, the beginning of one, or the path of a bzImage; else a kernel that has been fetched. */
  kernel?: string;
  /** Told how far a fetch is. */
  onFetch?: OnFetch;
}

/** Everything that a start needs, found once. */
export interface Prepared {
  kernel: Kernel;
  initrd: Buffer;
  accelerator: Accelerator;
  why: string;
}

const programs = [
  { name: emulator, package: 'qemu-system-x86' },
  { name: 'modprobe', package: 'kmod' },
  { name: 'ip', package: 'iproute2' },
  { name: 'ipvsadm', package: 'ipvsadm', need: 'ipvs' },
  { name: 'nft', package: 'nftables', need: 'nftNetdev' },
  { ...dockerd, need: 'dockerd' },
] as const;

/**
 * @throws {LabUnavailable} saying what is missing, with the command that helps as its hint.
 * @throws {UsageError} for a path that is no kernel.
 */
export async function prepare({ kernel: wanted, onFetch }: QemuOptions): Promise<Prepared> {
  const busybox = await staticBusybox();
  const kernel = await (wanted === undefined ? anyFetched() : findKernel(wanted, onFetch));
  const initrd = await initramfs(kernel, busybox);
  const kvm = await kvmWorks(kernel, initrd);
  const how = kvm.works ? `KVM (${kvm.why})` : `TCG (no KVM: ${kvm.why})`;
  return {
    kernel,
    initrd,
    accelerator: kvm.works ? 'kvm' : 'tcg',
    why: `qemu with ${how}, kernel ${kernel.release}`,
  };
}

async function anyFetched(): Promise<Kernel> {
  const [newest] = await cachedKernels();
  if (newest) return newest;
  throw new LabUnavailable('no kernel has been fetched', { hint: 'drlab kernel fetch 6.1' });
}

/** Looks whether emulator, kernel and programs are there; boots only to find out about KVM. */
export async function attemptQemu(needs: SandboxNeeds, prepared: () => Promise<Prepared>): Promise<Attempt> {
  if (process.arch !== 'x64')
    return { ok: false, why: `kernels for x86-64 do not run fast enough on ${process.arch}` };
  const missing = await lacking(programs.filter((one) => !('need' in one) || needs[one.need]));
  if (missing) return missing;
  const entry = await canUnshare();
  if (!entry.ok) return entry;
  try {
    const { kernel, why } = await prepared();
    const absent = await absentModules(kernel, needs);
    if (absent.length > 0)
      return { ok: false, why: `the kernel ${kernel.release} lacks ${absent.join(', ')}` };
    return { ok: true, why };
  } catch (error) {
    if (!(error instanceof LabUnavailable)) throw error;
    return { ok: false, why: error.message, ...(error.hint ? { install: error.hint } : {}) };
  }
}

/** A kernel without modules beside it may have everything built in. */
async function absentModules({ modulesDir }: Kernel, needs: SandboxNeeds): Promise<string[]> {
  if (modulesDir === undefined) return [];
  const { needs: modules, builtin } = await readModules(modulesDir);
  const there = new Set([...builtin, ...[...modules.keys()].map(moduleName)]);
  const wanted = [
    ...(needs.ipvs ? ['ip_vs'] : []),
    ...(needs.dockerd ? ['overlay', 'macvlan', 'veth', 'bridge'] : []),
    ...(needs.nftNetdev ? ['nf_tables', 'nft_fwd_netdev'] : []),
  ];
  return wanted.filter((name) => !there.has(name));
}
