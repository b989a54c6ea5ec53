import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who made a container, network or image: enough to say later whether its maker still lives. */
export interface Owner {
  /** Unique for each lab that is built. */
  run: string;
  machine: string;
  /** Differs after each boot. */
  boot: string;
  pid: number;
  /** Start time of the process in clock ticks since boot, so that a pid used again is not mistaken for it. */
  startTicks: string;
}

const prefix = 'drlab.';

/** This process, for a lab that it is about to build. */
export function thisOwner(): Owner {
  return {
    run: randomBytes(4).toString('hex'),
    machine: hostname(),
    boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    pid: process.pid,
    startTicks: startTicks(process.pid) ?? '',
  };
}

/** Labels of everything that drlab leaves in a Docker, for as long as the lab is up. */
export const labelsOf = (lab: string, owner: Owner): Record<string, string> => ({
  [`${prefix}lab`]: lab,
  ...Object.fromEntries(Object.entries(owner).map(([key, value]) => [prefix + key, String(value)])),
});

/** Filter of Docker's lists that lets only drlab's things through. */
export const ourFilter = { label: [`${prefix}run`] };

/** @returns undefined where the labels are not drlab's. */
export function ownerOf(labels: Record<string, string> | undefined): Owner | undefined {
  const read = (key: keyof Owner): string => labels?.[prefix + key] ?? '';
  if (read('run') === '') return undefined;
  return {
    run: read('run'),
    machine: read('machine'),
    boot: read('boot'),
    pid: Number(read('pid')),
    startTicks: read('startTicks'),
  };
}

/** What can be said about the maker from here: a process of another machine cannot be seen. */
export function fateOf(owner: Owner, here: Owner = thisOwner()): 'alive' | 'dead' | 'unknown' {
  if (owner.machine !== here.machine) return 'unknown';
  if (owner.boot !== here.boot) return 'dead';
  return startTicks(owner.pid) === owner.startTicks ? 'alive' : 'dead';
}

/** Field 22 of /proc/PID/stat (proc(5)), counted from behind the name, which may hold anything. */
function startTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
