import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessMemory {
  name: string;
  /** Proportional set size: memory shared with other processes counts in parts. */
  pssKiB: number;
}

/** Every process of the sandbox that this one runs in, which are all that /proc shows there. */
export function memoryOfSandbox(): ProcessMemory[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
        const pss = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
        return [{ name, pssKiB: Number(pss ?? 0) }];
      } catch {
        // It has just ended.
        return [];
      }
    });
}
