import { lateMs, type TimedPoint } from './outage.ts';

/** Whether the instrument itself was fit to measure; unhealthy means `inconclusive`. */
export interface InstrumentHealth {
  ok: boolean;
  /** Why not, one sentence each. */
  reasons: string[];
  /** How late probes were sent, compared with their planned times. */
  scheduleLagP99Ms: number;
  /** Share of the planned probes that were sent, and at most 250 ms late; of the worst stream. */
  achievedRatio: number;
  /** Share of one CPU that the prober took; it has one thread. */
  ownCpu: number;
  /** Share of the time that the machine beneath took for itself. */
  steal: number;
  /** Share of the source ports that were never used; of the stream with the fewest. */
  portsLeft: number;
  /** Datagrams that came back and that the prober was too slow to read. */
  drops: number;
}

export const healthLimits = {
  /** A 100 Hz kernel wakes a sleeper up to 14 ms late; with a few programs between, three times that. */
  scheduleLagP99Ms: 50,
  achievedRatio: 0.99,
  /** Share of one CPU: the prober has one thread, and near 1 it measures itself. */
  ownCpu: 0.9,
  /** Share of time that the machine beneath took for itself (`steal` in /proc/stat). */
  steal: 0.1,
} as const;

/** What one load knows about itself when it ends. */
export interface InstrumentFacts {
  streams: {
    name: string;
    planned: number;
    points: TimedPoint[];
    /** Source ports of all its addresses; of streams that take a new one for each probe. */
    ports?: number;
  }[];
  /** CPU time of the prober / time that passed. */
  ownCpu: number;
  steal: number;
  /** Default: none. */
  drops?: number;
}

/** Pure. */
export function healthOf(facts: InstrumentFacts): InstrumentHealth {
  const lags = facts.streams.flatMap((stream) => stream.points.flatMap((point) => point.lagMs ?? []));
  const sorted = Float64Array.from(lags).sort();
  const scheduleLagP99Ms = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
  const ratios = facts.streams.map(({ planned, points }) => {
    const inTime = points.filter((point) => (point.lagMs ?? 0) <= lateMs).length;
    return planned === 0 ? 0 : inTime / planned;
  });
  const achievedRatio = Math.min(1, ...ratios);
  const reasons: string[] = [];

  if (sorted.length === 0) reasons.push('nothing was sent');
  if (scheduleLagP99Ms > healthLimits.scheduleLagP99Ms) {
    reasons.push(`probes were sent late: p99 ${scheduleLagP99Ms.toFixed(1)} ms`);
  }
  if (achievedRatio < healthLimits.achievedRatio) {
    reasons.push(`only ${(achievedRatio * 100).toFixed(1)} % of the planned probes were sent in time`);
  }
  if (facts.ownCpu > healthLimits.ownCpu) {
    reasons.push(`the prober took ${Math.round(facts.ownCpu * 100)} % of a CPU`);
  }
  if (facts.steal > healthLimits.steal) {
    reasons.push(`the hypervisor took ${Math.round(facts.steal * 100)} % of the time`);
  }
  let portsLeft = 1;
  for (const { name, points, ports = Number.POSITIVE_INFINITY } of facts.streams) {
    portsLeft = Math.min(portsLeft, Math.max(0, 1 - points.length / ports));
    if (points.length > ports)
      reasons.push(
        `${name}: ${points.length} connections from ${ports} ports: it needs more source addresses`,
      );
    const portless = points.filter((point) => point.error === 'local-port').length;
    if (portless > 0) reasons.push(`${name}: ${portless} probes found no free local port`);
  }
  const { ownCpu, steal, drops = 0 } = facts;
  if (drops > 0) reasons.push(`the prober was too slow to read ${drops} answers that came back`);
  return {
    ok: reasons.length === 0,
    reasons,
    scheduleLagP99Ms,
    achievedRatio,
    ownCpu,
    steal,
    portsLeft,
    drops,
  };
}

/** Totals of the first line of /proc/stat, in ticks. */
export interface CpuTicks {
  total: number;
  steal: number;
}

export function parseCpuTicks(procStat: string): CpuTicks {
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, soft = 0, steal = 0] = (
    procStat.split('\n')[0] ?? ''
  )
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return { total: user + nice + system + idle + wait + irq + soft + steal, steal };
}

export function stealShare(before: CpuTicks, after: CpuTicks): number {
  const total = after.total - before.total;
  return total > 0 ? (after.steal - before.steal) / total : 0;
}
