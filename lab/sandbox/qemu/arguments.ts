import type { GuestStdin } from '../guest-job.ts';
import type { Export } from './shares.ts';

export type Accelerator = 'kvm' | 'tcg';

export interface GuestMachine {
  accelerator: Accelerator;
  cpus: number;
  memoryMiB: number;
  /** Paths of the kernel and of its first root. */
  image: string;
  initrd: string;
  /** What the first root goes on with. */
  init: string;
  stdin: GuestStdin;
}

/** Descriptors beyond the liveness socket: the console file, the first root. */
export const consoleFd = 4;
export const initrdFd = 5;

/** Where the program's input and output go: the console, or a line of its own. */
export const lineOf = (stdin: GuestStdin): string => (stdin === 'none' ? '/dev/ttyS0' : '/dev/ttyS1');

/** Command line of qemu. No network: what the lab needs of it is made inside. */
export function qemuArguments(machine: GuestMachine, shares: readonly Export[]): string[] {
  return [
    ...hardware(machine),
    ...serialLines(machine.stdin),
    ...['-kernel', machine.image, '-initrd', machine.initrd, '-append', kernelCommandLine(machine)],
    ...root,
    ...shares.flatMap(shareArguments),
  ];
}

/** Without HPET the clock is the TSC, which a guest reads without leaving its CPU. */
const hardware = ({ accelerator, cpus, memoryMiB }: GuestMachine): string[] => [
  ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-nic', 'none'],
  ...['-machine', 'q35,hpet=off', '-m', `${memoryMiB}M`, '-smp', String(cpus)],
  ...(accelerator === 'kvm'
    ? ['-accel', 'kvm', '-cpu', 'host']
    : ['-accel', 'tcg,thread=multi', '-cpu', 'max']),
];

const serialLines = (stdin: GuestStdin): string[] =>
  stdin === 'none'
    ? ['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console']
    : [
        ...['-add-fd', `fd=${consoleFd},set=1`],
        ...['-chardev', 'file,id=console,path=/dev/fdset/1,append=on', '-serial', 'chardev:console'],
        ...['-chardev', 'stdio,id=line,signal=off', '-serial', 'chardev:line'],
      ];

/** The machine outside; `remap` keeps files of its many file systems apart. */
const root = [
  ...['-fsdev', 'local,id=host,path=/,security_model=none,readonly=on,multidevs=remap'],
  ...['-device', 'virtio-9p-pci,fsdev=host,mount_tag=host'],
];

const shareArguments = ({ tag, dir }: Export): string[] => [
  ...['-fsdev', `local,id=${tag},path=${escaped(dir)},security_model=none,multidevs=remap`],
  ...['-device', `virtio-9p-pci,fsdev=${tag},mount_tag=${tag}`],
];

/** A comma ends a value, two are one. */
const escaped = (path: string): string => path.replaceAll(',', ',,');

/** A panic ends the guest. The TSC is the one of the machine outside, hence no watchdog for it. */
export const kernelCommandLine = ({ accelerator, init }: GuestMachine): string =>
  [
    ...['console=ttyS0', 'quiet', 'panic=-1', 'lsm=capability'],
    ...(accelerator === 'tcg' ? ['tsc=reliable', 'mitigations=off'] : []),
    `drlab_init=${init}`,
  ].join(' ');
