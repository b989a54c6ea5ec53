import type { Share } from '../guest-job.ts';

/** A folder that the guest may write to, as an export of qemu and as a mount of the guest. */
export interface Export {
  tag: string;
  dir: string;
  at: string;
}

/** The folder that carries job and exit code, then the writable ones under their own paths. */
export const exportsOf = (guestDir: string, writableDirs: readonly string[]): Export[] =>
  [{ dir: guestDir, at: '/run/guest' }, ...writableDirs.map((dir) => ({ dir, at: dir }))].map(
    (one, index) => ({
      tag: `share${index}`,
      ...one,
    }),
  );

/** Nothing is cached: what the inside writes is outside when the call returns. */
export const mountOf = ({ tag, at }: Export): Share => ({
  source: tag,
  at,
  type: '9p',
  options: 'trans=virtio,version=9p2000.L,msize=512000,cache=none',
});
