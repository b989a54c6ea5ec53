import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Processes in the pid namespace or with the mark in their command line. */
export function leftovers(mark: string, namespace: string | undefined): string[] {
  const look = (read: () => string) => {
    try {
      return read();
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      const inside = namespace !== undefined && look(() => readlinkSync(`/proc/${pid}/ns/pid`)) === namespace;
      return inside || look(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).includes(mark);
    });
}
