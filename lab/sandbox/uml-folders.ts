import { packageRoot } from '../../src/util/root.ts';
import { hostfs, type Share } from './guest-job.ts';
import type { SandboxJob } from './types.ts';

/** Where a guest in virtual time sees the folder it may write to, and drlab. */
export const seenAt = { out: '/run/out', package: '/run/package' };

/** What a guest mounts in addition to its own folder. */
interface Folders {
  /** What the links point to. */
  targets: string[];
  shares: Share[];
}

/**
 * Folders by links of fixed names, which `guest-kernel.sh` makes: what happens in virtual time, to the microsecond, was
 * seen to depend on the length of a path. One that ends with a slash is the folder, not the link.
 */
export function byLinks({ writableDirs: [out] }: SandboxJob, runDir: string): Folders {
  const own = { dir: packageRoot, at: seenAt.package, mode: ',ro' };
  const folders = out === undefined ? [own] : [{ dir: out, at: seenAt.out, mode: '' }, own];
  return {
    targets: folders.map(({ dir }) => dir),
    shares: folders.map(({ at, mode }, i) => {
      const share = hostfs(`${runDir}/links/${i + 1}/`, at);
      return { ...share, options: share.options + mode };
    }),
  };
}

/** Each under its own path. */
export const byName = ({ writableDirs }: SandboxJob): Folders => ({
  targets: [],
  shares: writableDirs.map((dir) => hostfs(dir)),
});
