import type { Host } from '../../model/host.ts';

/** What one CPU did in a stretch of time, as shares of it. */
export interface CpuLoad {
  busy: number;
  softirq: number;
  steal: number;
}

/** What a host did while it was watched. */
export interface HostLoad {
  host: string;
  role: 'client' | 'director' | 'realServer';
  /** Which kernel it runs on: hosts with the same one share these CPUs, and their figures are those of all of them. */
  kernel: string;
  cpus: CpuLoad[];
  /** Frames that its interfaces dropped, `lo` not counted. */
  dropped: number;
  /** Frames that the kernel dropped before any interface counted them, since a CPU was too slow. */
  backlogDropped: number;
}

/** Counters at one moment. */
export interface Counters {
  kernel: string;
  cpus: { total: number; idle: number; softirq: number; steal: number }[];
  dropped: number;
  backlogDropped: number;
}

const files = '/proc/sys/kernel/random/boot_id /proc/stat /proc/net/softnet_stat /proc/net/dev';

/** One round trip. */
export async function countersOf(host: Host): Promise<Counters> {
  return parseCounters((await host.exec(`exec cat ${files}`)).stdout);
}

/** The files are told apart by the form of their lines. */
export function parseCounters(text: string): Counters {
  const lines = text.split('\n');
  const cpus = lines
    .filter((line) => /^cpu\d/.test(line))
    .map((line) => {
      const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softirq = 0, steal = 0] = line
        .trim()
        .split(/\s+/)
        .slice(1)
        .map(Number);
      const total = user + nice + system + idle + wait + irq + softirq + steal;
      return { total, idle: idle + wait, softirq, steal };
    });
  const interfaces = lines.flatMap((line) => {
    const found = /^\s*([^\s:]+):\s*(\d[\d\s]+)$/.exec(line);
    return found && found[1] !== 'lo' ? [(found[2] ?? '').trim().split(/\s+/).map(Number)] : [];
  });
  return {
    kernel: lines[0] ?? '',
    cpus,
    // The fourth column of either half: received and sent.
    dropped: interfaces.reduce((sum, columns) => sum + (columns[3] ?? 0) + (columns[11] ?? 0), 0),
    // softnet_stat: hexadecimal, a line for each CPU; the second column counts drops.
    backlogDropped: lines
      .filter((line) => /^[0-9a-f]{8}( [0-9a-f]{8})+$/.test(line.trim()))
      .reduce((sum, line) => sum + Number.parseInt(line.trim().split(' ')[1] ?? '0', 16), 0),
  };
}

export function loadBetween(
  before: Counters,
  after: Counters,
  of: Pick<HostLoad, 'host' | 'role'>,
): HostLoad {
  const cpus = after.cpus.map((now, i): CpuLoad => {
    const then = before.cpus[i] ?? { total: 0, idle: 0, softirq: 0, steal: 0 };
    const ticks = Math.max(1, now.total - then.total);
    return {
      busy: 1 - (now.idle - then.idle) / ticks,
      softirq: (now.softirq - then.softirq) / ticks,
      steal: (now.steal - then.steal) / ticks,
    };
  });
  return {
    ...of,
    kernel: after.kernel,
    cpus,
    dropped: after.dropped - before.dropped,
    backlogDropped: after.backlogDropped - before.backlogDropped,
  };
}
