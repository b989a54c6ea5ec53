import { closeSync, openSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { asset } from '../assets.ts';
import { guestEnd, watchBoot } from '../boot.ts';
import { minimalEnvironment } from '../environment.ts';
import { type GuestStdin, guestFstab, guestJob } from '../guest-job.ts';
import { startIsolated } from '../isolated.ts';
import { namespaces } from '../isolation.ts';
import { running } from '../running.ts';
import type { RunningSandbox, Sandbox, SandboxJob } from '../types.ts';
import { initrdFd, lineOf, qemuArguments } from './arguments.ts';
import { attemptQemu, type Prepared, prepare, type QemuOptions } from './prepare.ts';
import { emulator } from './programs.ts';
import { exportsOf, mountOf } from './shares.ts';
import { unlinkedFile } from './unlinked.ts';

/** More gain a lab nothing, and take from the others on the machine. */
const mostCpus = 4;

/** A Debian kernel, or any other, on a machine that qemu plays, isolated on this machine. */
export function qemuSandbox(options: QemuOptions = {}): Sandbox {
  let once: Promise<Prepared> | undefined;
  const prepared = (): Promise<Prepared> => {
    once ??= prepare(options);
    return once;
  };
  return {
    kind: 'qemu',
    attempt: (needs) => attemptQemu(needs, prepared),
    start: async (job) => start(job, await prepared()),
  };
}

function start(job: SandboxJob, { kernel, initrd, accelerator }: Prepared): RunningSandbox {
  const stdin: GuestStdin = !job.interactive ? 'none' : process.stdin.isTTY ? 'terminal' : 'stream';
  const env = minimalEnvironment({
    ...{ TMPDIR: '/run/tmp', MODPROBE_OPTIONS: '-d /run/guest', DRLAB_ACCEL: accelerator },
    ...job.env,
  });
  const isolation = namespaces();
  const guestDir = `${isolation.runDir}/guest`;
  const shares = exportsOf(guestDir, job.writableDirs);
  const machine = {
    ...{ accelerator, stdin, memoryMiB: job.memoryMiB, image: kernel.image, init: `${guestDir}/init` },
    ...{ cpus: Math.min(cpus().length, mostCpus), initrd: `/proc/self/fd/${initrdFd}` },
  };
  const fds = [openSync(job.consolePath, 'a'), unlinkedFile(initrd)];
  const [consoleFd = -1] = fds;
  try {
    const isolated = startIsolated({
      isolation,
      argv: [
        ...['/bin/sh', asset('guest-kernel.sh'), isolation.runDir, asset('guest.sh')],
        dirname(kernel.modulesDir ?? `${guestDir}/no-modules/none`),
        ...[emulator, ...qemuArguments(machine, shares)],
      ],
      env: {
        PATH: env.PATH ?? '',
        GUEST_FSTAB: guestFstab(shares.map(mountOf), [['cgroup2', '/sys/fs/cgroup', 'cgroup2', 'defaults']]),
        GUEST_JOB: guestJob(job, env, stdin, { line: lineOf(stdin), powerOff: 'b' }),
        GUEST_STDIN: stdin,
      },
      cwd: job.cwd,
      writableDirs: job.writableDirs,
      runMiB: 256,
      stdin: stdin === 'none' ? 'ignore' : 'inherit',
      stdout: job.interactive ? 'inherit' : consoleFd,
      stderr: consoleFd,
      extra: fds,
      foreground: job.interactive,
    });
    const boot = watchBoot(job.consolePath, isolated.kill);
    return running(isolated, job.interactive, guestEnd(job.consolePath, boot));
  } finally {
    for (const fd of fds) closeSync(fd);
  }
}
