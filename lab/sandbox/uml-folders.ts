import { packageRoot } from '../../src/util/root.ts';
import { hostfs, type Share } from './guest-job.ts';
import type { SandboxJob } from './types.ts';

/** Where a guest in virtual time sees the folder it may write to, and drlab. */
export const seenAt = { out: '/run/out', package: '/run/package' };

/** What a guest mounts besides its own folder. */
interface Folders {
  /** What the links point to. */
  targets: string[];
  shares: Share[];
}

/**
 * Folders by links of fixed names, which `guest-kernel.sh` makes: what happens in virtual time, to the microsecond, was
 * seen to hang on the length of a path. One that ends with a slash is the folder, not the link.
 */
export function byLinks({ writableDirs: [out = ''] }: SandboxJob, runDir: string): Folders {
  const link = (number: number): string => `${runDir}/links/${number}/`;
  const own = hostfs(link(2), seenAt.package);
  return {
    targets: [out, packageRoot],
    shares: [hostfs(link(1), seenAt.out), { ...own, options: `${own.options},ro` }],
  };
}

/** Each under its own path. */
export const byName = ({ writableDirs }: SandboxJob): Folders => ({
  targets: [],
  shares: writableDirs.map((dir) => hostfs(dir)),
});
