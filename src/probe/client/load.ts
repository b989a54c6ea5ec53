import { readFileSync } from 'node:fs';
import { healthOf, parseCpuTicks, stealShare } from '../health.ts';
import { histogramOf } from '../histogram.ts';
import { lateMs, outageOf } from '../outage.ts';
import { msSince, nowNs } from './clock.ts';
import { downsample } from './downsample.ts';
import { freshPorts } from './ports.ts';
import { plannedBefore, type Schedule, scheduleOf } from './schedule.ts';
import { type LoggedPoint, StreamLog } from './stream-log.ts';
import { type Sender, senderFor } from './streams.ts';
import type { LoadResult, StreamPlan, StreamResult } from './types.ts';

interface Stream {
  plan: StreamPlan;
  log: StreamLog;
  sender: Sender;
  schedule: Schedule;
}

/** Between preparing and the first planned send time. */
export const leadMs = 20;
/** Probes of a stream that are sent in one go; then answers are read, or a busy prober would take them for late. */
const mostAtOnce = 50;
/** Longest sleep, so that overdue probes are given up in time. */
const sweepEveryMs = 10;

/**
 * An open loop: probes are sent when the schedule says so whatever became of the earlier ones, and a late wake-up sends
 * all that is due, so that the instrument never waits for the service (coordinated omission).
 */
export class Load {
  readonly t0Ns: bigint;
  readonly #streams: Stream[];
  #stoppedAtMs: number | undefined;
  #finished: () => void = () => undefined;
  readonly #done = new Promise<void>((resolve) => {
    this.#finished = resolve;
  });
  readonly #cpuBefore = process.cpuUsage();
  readonly #ticksBefore = cpuTicks();

  static async start(plans: StreamPlan[]): Promise<Load> {
    // Logs need the clock before its zero is known, since opening connections takes a while.
    const clock = { t0Ns: nowNs() };
    const streams = await Promise.all(
      plans.map(async (plan) => {
        const log = new StreamLog(() => msSince(clock.t0Ns), plan.timeoutMs);
        return { plan, log, sender: await senderFor(plan, log), schedule: scheduleOf(plan) };
      }),
    );
    clock.t0Ns = nowNs() + BigInt(leadMs * 1e6);
    return new Load(clock.t0Ns, streams);
  }

  private constructor(t0Ns: bigint, streams: Stream[]) {
    this.t0Ns = t0Ns;
    this.#streams = streams;
    setTimeout(() => this.#tick(), leadMs);
  }

  async stop(): Promise<LoadResult> {
    this.#stoppedAtMs = Math.max(0, msSince(this.t0Ns));
    await this.#done;
    const cpu = process.cpuUsage(this.#cpuBefore);
    const ownCpu = (cpu.user + cpu.system) / 1e3 / Math.max(1, msSince(this.t0Ns));
    const drops = this.#streams.reduce((sum, { sender }) => sum + (sender.drops?.() ?? 0), 0);
    const results = this.#streams.map(({ plan, log, sender }) => {
      sender.close();
      return resultOf(plan, log.points, plannedBefore(this.#stoppedAtMs ?? 0, plan));
    });
    const steal = stealShare(this.#ticksBefore, cpuTicks());
    return {
      streams: results,
      health: healthOf({
        streams: results.map(({ name, planned }, i) => ({
          name,
          planned,
          points: this.#streams[i]?.log.points ?? [],
          ...portsOf(this.#streams[i]?.plan),
        })),
        ownCpu,
        steal,
        drops,
      }),
    };
  }

  #tick(): void {
    const nowMs = msSince(this.t0Ns);
    const stopped = this.#stoppedAtMs !== undefined;
    const untilMs = Math.min(nowMs, this.#stoppedAtMs ?? nowMs);
    let nextMs = nowMs + sweepEveryMs;
    let allSent = true;
    for (const { log, schedule, sender } of this.#streams) {
      log.looked();
      // After the stop, what could only be sent far too late is not sent at all.
      while (stopped && schedule.dueMs < Math.min(untilMs, nowMs - lateMs)) schedule.take();
      for (let sent = 0; sent < mostAtOnce && schedule.dueMs < untilMs; sent++) {
        sender.send(schedule.dueMs);
        schedule.take();
      }
      allSent &&= schedule.dueMs >= untilMs;
      nextMs = Math.min(nextMs, schedule.dueMs);
    }
    // After the next look at the sockets: what has arrived meanwhile is not overdue.
    setImmediate(() => this.#sweep(stopped && allSent, nextMs));
  }

  #sweep(stopped: boolean, nextMs: number): void {
    for (const { log } of this.#streams) log.sweep();
    if (stopped && this.#streams.every((stream) => stream.log.underWay === 0)) {
      this.#finished();
      return;
    }
    const waitMs = stopped ? 1 : nextMs - msSince(this.t0Ns);
    // A timer of 0 would wait for a millisecond.
    if (waitMs > 0) setTimeout(() => this.#tick(), waitMs);
    else setImmediate(() => this.#tick());
  }
}

function resultOf(plan: StreamPlan, points: LoggedPoint[], planned: number): StreamResult {
  const good = points.filter((point) => point.latencyMs !== null && point.error === undefined);
  const connected = points.flatMap(({ connectedMs }) => (connectedMs === undefined ? [] : connectedMs * 1e3));
  return {
    name: plan.name,
    kind: plan.kind,
    rateHz: plan.rateHz,
    planned,
    sent: points.length,
    points: downsample(points).map(({ lagMs, deafMs, connectedMs, ...point }) => rounded(point)),
    histogram: histogramOf(good.map((point) => (point.latencyMs ?? 0) * 1e3)),
    ...(plan.kind === 'connect' && { connectHistogram: histogramOf(connected) }),
    shares: countsOf(good.flatMap(({ server }) => server ?? [])),
    errors: countsOf(points.flatMap(({ error }) => error ?? [])),
    outage: outageOf(points, plan.rateHz),
  };
}

const portsOf = (plan?: StreamPlan): { ports?: number } =>
  plan?.kind === 'connect' ? { ports: freshPorts * Math.max(1, new Set(plan.from).size) } : {};

function countsOf(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function rounded<T extends { tMs: number; latencyMs: number | null }>(point: T): T {
  const to3 = (value: number) => Math.round(value * 1e3) / 1e3;
  return { ...point, tMs: to3(point.tMs), latencyMs: point.latencyMs === null ? null : to3(point.latencyMs) };
}

function cpuTicks() {
  return parseCpuTicks(readFileSync('/proc/stat', 'utf8'));
}
