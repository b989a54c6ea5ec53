import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { crowding } from '../../../src/util/crowding.ts';
import { until } from '../../../src/util/until.ts';

/** Processes in the pid namespace or with the mark in their command line, each with its state and parent for whoever asks why. */
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
    })
    .map((pid) =>
      look(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
        .split(' ', 4)
        .join(' '),
    );
}

/** @throws {TimedOut} naming what is left; long after the end on any machine, however much of it others take. */
export async function untilNoneLeft(mark: string, namespace: string | undefined): Promise<void> {
  const lastSeen = () => leftovers(mark, namespace).join(', ');
  const gone = () => (lastSeen() === '' ? true : undefined);
  await until('the end of every process', gone, { withinMs: 60_000 * crowding(), everyMs: 50, lastSeen });
}
