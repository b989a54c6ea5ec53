import { closeSync, openSync } from 'node:fs';
import { LabUnavailable } from '../../src/util/errors.ts';
import { type BuiltKernel, kernelForVirtualTime } from '../kernel/built.ts';
import { run } from '../kernel/run.ts';
import { asset } from './assets.ts';
import { guestEnd, watchBoot } from './boot.ts';
import { ownCpu } from './cpu.ts';
import { minimalEnvironment } from './environment.ts';
import { type GuestStdin, guestFstab, guestJob, hostfs, umlGuest } from './guest-job.ts';
import { startIsolated } from './isolated.ts';
import { bareFolder, namespaces } from './isolation.ts';
import { canUnshare } from './probe.ts';
import { running } from './running.ts';
import type { RunningSandbox, Sandbox, SandboxJob } from './types.ts';
import { attemptBuilt, attemptUml, modulesDir } from './uml-attempt.ts';
import { byLinks, byName, seenAt } from './uml-folders.ts';
import { kernelArguments } from './uml-kernel.ts';
import { withLibraries } from './uml-registers.ts';

/** Its nf_tables has none of the families that iptables-nft and the like need. */
const debianImage = 'linux.uml';

/** User-Mode Linux: a kernel of its own, as an isolated program on this machine. */
export const umlSandbox: Sandbox = {
  kind: 'uml',
  attempt: attemptUml,
  start: (job) => boot(job, { image: debianImage, time: 'real' }),
};

/** The same on a kernel that was built here, which knows more of nf_tables than Debian's. */
export const builtUmlSandbox: Sandbox = {
  kind: 'uml',
  async attempt(needs) {
    const built = await kernelForVirtualTime();
    if ('none' in built) return { ok: false, why: built.none, install: 'drlab kernel build' };
    return attemptBuilt(`User-Mode Linux ${built.release}, built here`, needs);
  },
  async start(job) {
    const built = await kernelForVirtualTime();
    if ('none' in built) throw new LabUnavailable(built.none, { hint: 'drlab kernel build' });
    return boot(job, { image: built.image, time: 'real' });
  },
};

/** The same in virtual time, on a kernel that was built for it. All random numbers of the guest come from the seed. */
export const virtualTimeSandbox = ({ image, seeder, release }: BuiltKernel, seed: number): Sandbox => ({
  kind: 'uml',
  seenAt,
  attempt: (needs) => attemptBuilt(`virtual time on User-Mode Linux ${release}, built here`, needs),
  start: (job) => boot(job, { image, time: 'virtual', seeder, seed }),
});

/** The guest mixes addresses of its own program into its random numbers, and its memory begins where that ends. */
const fixedAddresses = ['setarch', '--addr-no-randomize'];

/** Some containers forbid that; two runs then differ in details. */
async function steady(): Promise<string[]> {
  const { code } = await run('setarch', [...fixedAddresses.slice(1), 'true']);
  return code === 0 ? fixedAddresses : [];
}

/** The program of a kernel, and what in virtual time makes its random numbers. */
type Boot = { image: string } & ({ time: 'real' } | { time: 'virtual'; seeder: string; seed: number });

/** The kernel with the libraries that are loaded into it. */
async function programOf(kernel: Boot): Promise<string[]> {
  if (kernel.time === 'real') return withLibraries(kernel.image);
  return [
    ...(await steady()),
    'env',
    `DRLAB_SEED=${kernel.seed}`,
    ...withLibraries(kernel.image, [kernel.seeder]),
  ];
}

async function boot(job: SandboxJob, kernel: Boot): Promise<RunningSandbox> {
  const stdin: GuestStdin = !job.interactive ? 'none' : process.stdin.isTTY ? 'terminal' : 'stream';
  const virtual = kernel.time === 'virtual';
  const env = minimalEnvironment({
    TMPDIR: '/run/tmp',
    ...(virtual && { TERM: 'dumb' }),
    ...job.env,
  });
  const isolation = (await canUnshare()).ok ? namespaces() : bareFolder();
  const guestDir = `${isolation.runDir}/guest`;
  const consoleFd = openSync(job.consolePath, 'a');
  try {
    const [cpu, program] = await Promise.all([ownCpu(), programOf(kernel)]);
    const { targets, shares } = virtual ? byLinks(job, isolation.runDir) : byName(job);
    const isolated = startIsolated({
      isolation,
      argv: [
        ...['/bin/sh', asset('guest-kernel.sh'), isolation.runDir, asset('guest.sh'), modulesDir],
        ...[...cpu.prefix, ...program, ...kernelArguments(guestDir, job.memoryMiB, stdin, kernel.time)],
      ],
      env: {
        PATH: env.PATH ?? '',
        GUEST_FSTAB: guestFstab([hostfs(guestDir, '/run/guest'), ...shares]),
        GUEST_LINKS: targets.map((target) => `${target}\n`).join(''),
        GUEST_JOB: guestJob(job, env, stdin, { ...umlGuest, ...(virtual && { hostname: 'drlab' }) }),
        GUEST_STDIN: stdin,
      },
      cwd: '/',
      writableDirs: job.writableDirs,
      ownFolders: 'aside',
      ...(kernel.image === debianImage && { tables: 'legacy' }),
      runMiB: job.memoryMiB + 256,
      stdin: stdin === 'none' ? 'ignore' : 'inherit',
      stdout: job.interactive ? 'inherit' : consoleFd,
      stderr: consoleFd,
      extra: [consoleFd],
      foreground: job.interactive,
    });
    void isolated.ended.then(cpu.release);
    const watch = watchBoot(job.consolePath, isolated.kill);
    return running(isolated, job.interactive, guestEnd(job.consolePath, watch));
  } finally {
    closeSync(consoleFd);
  }
}
