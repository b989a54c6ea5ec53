import type { Lab } from '../../../src/model/lab.ts';
import type { Chart, Stretch } from '../../../src/model/measurement.ts';
import { hostsOf, type LabSpec } from '../../../src/model/spec.ts';
import {
  type InstrumentHealth,
  proberOn,
  type RunningLoad,
  type StreamPlan,
  type StreamResult,
} from '../../../src/probe/client/prober.ts';
import { lengthOf, stretchesOf } from '../../../src/probe/outage.ts';
import { Lateness } from '../../../src/util/lateness.ts';
import { clientOf, serviceOf, targetOf } from '../../common/subjects.ts';

/*
 *            new connections ─┐
 *   client ──established ─────┼──▶ VIP       three streams at once, open loop, before, during and after
 *            datagrams ───────┘              the fault; the fault is timed on the clock of the streams
 */

/** A moment between two readings of one clock: the thing happened in between. */
export interface Moment {
  label: string;
  fromMs: number;
  toMs: number;
  /** Where it goes on a time line: what we did took effect soon after its begin, what we saw was there by its end. */
  tMs: number;
}

export interface LoadRecord {
  streams: StreamResult[];
  health: InstrumentHealth;
  moments: Moment[];
  /** The worst that timers were late meanwhile; records of older versions lack it. */
  lateMs?: number;
}

const plan = { timeoutMs: 1_000 };

function streamsOf(spec: LabSpec): StreamPlan[] {
  const tcp = targetOf(serviceOf(spec, 'tcp'));
  const streams: StreamPlan[] = [
    { ...plan, name: 'new connections', kind: 'connect', target: tcp, rateHz: 40 },
    {
      ...plan,
      name: 'established connections',
      kind: 'established',
      target: tcp,
      rateHz: 40,
      connections: 4,
    },
  ];
  if (spec.services.some((service) => service.protocol === 'udp'))
    streams.push({
      ...plan,
      name: 'datagrams',
      kind: 'udp',
      target: targetOf(serviceOf(spec, 'udp')),
      rateHz: 100,
    });
  return streams;
}

/** A load that runs while things are done to the lab, and a notebook of when they were done. */
export class Load {
  readonly moments: Moment[] = [];
  private constructor(
    private readonly load: RunningLoad,
    private readonly lateness: Lateness,
  ) {}

  static async start(lab: Lab): Promise<Load> {
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const lateness = await Lateness.start();
    const load = new Load(await prober.openLoop(streamsOf(lab.spec)), lateness);
    await pause(1_500);
    return load;
  }

  /** On the clock of the streams. */
  nowMs(): number {
    return this.load.nowMs();
  }

  /** Does something to the lab. */
  act<T>(label: string, what: () => Promise<T>): Promise<T> {
    return this.#mark(label, what, ({ fromMs }) => fromMs);
  }

  /** Waits for something to happen. */
  see<T>(label: string, what: () => Promise<T>): Promise<T> {
    return this.#mark(label, what, ({ toMs }) => toMs);
  }

  async #mark<T>(
    label: string,
    what: () => Promise<T>,
    at: (moment: Pick<Moment, 'fromMs' | 'toMs'>) => number,
  ): Promise<T> {
    const fromMs = await this.load.nowMs();
    const result = await what();
    const toMs = await this.load.nowMs();
    this.moments.push({ label, fromMs, toMs, tMs: at({ fromMs, toMs }) });
    return result;
  }

  async stop(): Promise<LoadRecord> {
    const lateMs = await this.lateness.stop();
    return { ...(await this.load.stop()), moments: this.moments, lateMs };
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const momentOf = (record: LoadRecord, label: string): Moment | undefined =>
  record.moments.find((moment) => moment.label === label);

export const streamOf = (record: LoadRecord, name: string): StreamResult | undefined =>
  record.streams.find((stream) => stream.name === name);

/** The times without service as the prober measured them; records of older versions have only the probes. */
export const stretchesIn = ({ points, rateHz, outage }: StreamResult): Stretch[] =>
  outage.stretches ?? stretchesOf(points, rateHz);

/** The longest time without service from a moment on; what was going on then counts from there. */
export function longestFrom(stream: StreamResult, fromMs: number): Stretch | undefined {
  const [longest] = stretchesIn(stream)
    .filter(({ toMs }) => toMs > fromMs)
    .map((one) => ({ ...one, fromMs: Math.max(one.fromMs, fromMs) }))
    .sort((a, b) => lengthOf(b) - lengthOf(a));
  return longest;
}

/** Whether the last second of a stream was all good: the service is back, and stays. */
export function goodAtTheEnd(stream: StreamResult): boolean {
  const end = Math.max(...stream.points.map((point) => point.tMs));
  const last = stream.points.filter((point) => point.tMs > end - 1_000);
  return last.length > 0 && last.every((point) => point.latencyMs !== null);
}

export function timeline(record: LoadRecord, title: string): Chart {
  const times = record.streams.flatMap((stream) => stream.points.map((point) => point.tMs));
  return {
    kind: 'timeline',
    title,
    durationMs: Math.max(0, ...times),
    streams: record.streams.map((stream) => ({
      name: stream.name,
      points: stream.points,
      outages: stretchesIn(stream),
    })),
    marks: record.moments.map(({ label, tMs }) => ({ tMs, label })),
  };
}

/** The director that is not active. */
export const otherDirectors = (spec: LabSpec, active: string): string[] =>
  hostsOf(spec, 'director')
    .map((host) => host.name)
    .filter((name) => name !== active);
