import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../kernel/run.ts';

/**
 * The processes of a User-Mode Linux guest run in turn, never at once: its kernel stops the process that it traces, and
 * each system call wakes the one and stops the other. Spread over CPUs, every such step wakes another CPU, which on
 * virtual machines takes most of the time (docs/decisions/0015).
 */
export interface OwnCpu {
  /** Goes before the program. */
  prefix: string[];
  release(): void;
}

/** Guests of this process on each CPU. */
const guestsOn = new Map<number, number>();

/** The CPU with the fewest guests of this process, and of those the idlest, until `release`. */
export async function ownCpu(sampleMs = 50): Promise<OwnCpu> {
  const before = await readFile('/proc/stat', 'utf8');
  await sleep(sampleMs);
  const [after, status] = await Promise.all(
    ['/proc/stat', '/proc/self/status'].map((path) => readFile(path, 'utf8')),
  );
  const cpu = pickCpu(allowedCpus(status ?? ''), guestsOn, busyShares(before, after ?? ''));
  if (cpu === undefined) return { prefix: [], release: () => {} };
  count(cpu, 1);
  const pin = ['taskset', '--cpu-list', String(cpu)];
  const { code } = await run('taskset', [...pin.slice(1), 'true']);
  return { prefix: code === 0 ? pin : [], release: () => count(cpu, -1) };
}

const count = (cpu: number, change: number): void =>
  void guestsOn.set(cpu, (guestsOn.get(cpu) ?? 0) + change);

/** Undefined where there is nothing to choose. */
export function pickCpu(
  allowed: readonly number[],
  guests: ReadonlyMap<number, number>,
  busy: ReadonlyMap<number, number>,
): number | undefined {
  const order = allowed.toSorted(
    (a, b) => (guests.get(a) ?? 0) - (guests.get(b) ?? 0) || (busy.get(a) ?? 0) - (busy.get(b) ?? 0) || a - b,
  );
  return allowed.length > 1 ? order[0] : undefined;
}

/** From `/proc/self/status`: the list `0-2,5` as numbers. */
export function allowedCpus(status: string): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1];
  if (list === undefined) return [];
  return list.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number);
    if (first === undefined || last === undefined || Number.isNaN(first)) return [];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** The share of its time, 0 to 1, that each CPU worked between two readings of `/proc/stat`. */
export function busyShares(before: string, after: string): Map<number, number> {
  const earlier = ticksOf(before);
  return new Map(
    [...ticksOf(after)].map(([cpu, { all, idle }]) => {
      const from = earlier.get(cpu) ?? { all: 0, idle: 0 };
      return [cpu, all > from.all ? 1 - (idle - from.idle) / (all - from.all) : 0];
    }),
  );
}

/** Fields 4 and 5 of a line are the idle time and that spent waiting for disks. */
function ticksOf(stat: string): Map<number, { all: number; idle: number }> {
  const lines = [...stat.matchAll(/^cpu(\d+) (.*)$/gm)];
  return new Map(
    lines.map(([, cpu, rest = '']) => {
      const ticks = rest.split(' ').map(Number).slice(0, 8);
      const all = ticks.reduce((sum, each) => sum + each, 0);
      return [Number(cpu), { all, idle: (ticks[3] ?? 0) + (ticks[4] ?? 0) }];
    }),
  );
}
