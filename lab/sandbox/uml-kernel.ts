import type { GuestStdin } from './guest-job.ts';

/** Benchmarks of RAID checksums take 0.9 s of a boot of 1.3 s, and no lab has a RAID. */
const blacklistedInitcalls = ['raid6_select_algo', 'calibrate_xor_blocks'];

/**
 * The moment at which virtual time begins, 2026-01-01 00:00 UTC. The clock of the machine would make every run
 * another one.
 */
const epochNs = `${Date.UTC(2026, 0, 1)}000000`;

/** Idle time is skipped and computing takes none: what happens when depends on nothing outside. */
const virtualTime = ['time-travel=inf-cpu', `time-travel-start=${epochNs}`];

/** Command line of a guest whose root is this process's, read-only; see `guest-kernel.sh` for the descriptors. */
export function kernelArguments(
  guestDir: string,
  memoryMiB: number,
  stdin: GuestStdin,
  time: 'real' | 'virtual' = 'real',
): string[] {
  return [
    ...(time === 'virtual' ? virtualTime : []),
    `mem=${memoryMiB}M`,
    ...['root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'ro', 'init=/usr/bin/setpriv', 'quiet'],
    ...[
      `uml_dir=${guestDir}/`,
      'umid=lab',
      `initcall_blacklist=${blacklistedInitcalls.join(',')}`,
      'lsm=capability',
    ],
    ...['con=null', 'ssl=null', ...consoles[stdin]],
    ...withoutSetuid,
    `${guestDir}/init`,
  ];
}

/** To an ordinary user's guest root's files belong to nobody, and setuid programs such as mount would lose power. */
const withoutSetuid = ['--', '--no-new-privs'];

/** Descriptor 4 is the console file; a terminal carries the program and nothing else. */
const consoles: Record<GuestStdin, string[]> = {
  none: ['con0=null,fd:1'],
  stream: ['con0=null,fd:1', 'con1=null,fd:4', 'console=tty1'],
  terminal: ['con0=fd:0,fd:1', 'con1=null,fd:4', 'console=tty1'],
};
