import type { TimedPoint } from '../outage.ts';

/** A point with what only the program on the client knows. */
export interface LoggedPoint extends TimedPoint {
  seq: number;
  /** From the planned time until the connection was there. */
  connectedMs?: number;
}

/** A probe that is under way. */
interface Pending {
  point: LoggedPoint;
  giveUp: (() => void) | undefined;
}

/**
 * The probes of one stream, by sequence number: each is planned, sent, and then answered, failed or given up.
 * The first word about a probe counts; later ones are ignored.
 */
export class StreamLog {
  readonly points: LoggedPoint[] = [];
  readonly #pending = new Map<number, Pending>();
  /** When this process last looked around; whatever is read now arrived since. */
  #lookedMs = 0;
  readonly #nowMs: () => number;
  readonly #timeoutMs: number;

  constructor(nowMs: () => number, timeoutMs: number) {
    this.#nowMs = nowMs;
    this.#timeoutMs = timeoutMs;
  }

  get underWay(): number {
    return this.#pending.size;
  }

  /** @param giveUp called when the time is up */
  sent(plannedMs: number, giveUp?: () => void): number {
    const seq = this.points.length;
    const point: LoggedPoint = { seq, tMs: plannedMs, latencyMs: null, lagMs: this.#nowMs() - plannedMs };
    this.points.push(point);
    this.#pending.set(seq, { point, giveUp });
    return seq;
  }

  connected(seq: number): void {
    const point = this.#pending.get(seq)?.point;
    if (point) point.connectedMs = this.#nowMs() - point.tMs;
  }

  answered(seq: number, server: string | undefined): void {
    const point = this.#take(seq);
    if (!point) return;
    const nowMs = this.#nowMs();
    point.latencyMs = nowMs - point.tMs;
    point.deafMs = nowMs - this.#lookedMs;
    if (server !== undefined) point.server = server;
  }

  failed(seq: number, error: string): void {
    const point = this.#take(seq);
    if (point) point.error = error;
  }

  /** The probe that has waited longest, if any. */
  oldest(): number | undefined {
    return this.#pending.keys().next().value;
  }

  looked(): void {
    this.#lookedMs = this.#nowMs();
  }

  /** Gives up on what is overdue since it was sent: the instrument's own lag is not the service's. */
  sweep(): void {
    const nowMs = this.#nowMs();
    for (const [seq, { point, giveUp }] of this.#pending) {
      if (point.tMs + (point.lagMs ?? 0) + this.#timeoutMs > nowMs) return;
      this.failed(seq, 'timeout');
      giveUp?.();
    }
  }

  #take(seq: number): LoggedPoint | undefined {
    const pending = this.#pending.get(seq);
    this.#pending.delete(seq);
    return pending?.point;
  }
}
