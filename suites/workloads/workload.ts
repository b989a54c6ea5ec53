import type { Capability } from '../../src/model/capabilities.ts';
import type { TrialOutcome, WorkloadValue } from '../../src/model/workload.ts';
import { mergeHistograms } from '../../src/probe/histogram.ts';
import type { TakenFigure } from './figures.ts';
import { type LoadSketch, observe, type Seen } from './observing.ts';
import { type Serving, serving, withSources } from './servers.ts';

export interface WorkloadSketch extends LoadSketch {
  id: string;
  title: string;
  description: string;
  /** The first decides. */
  figures: TakenFigure[];
  /** By place in the service. */
  servers: Serving[];
  /** Addresses that the load comes from; default 64. */
  sources?: number;
  trialMs?: number;
  /** How late the prober may be (p99): less than what the figures differ by. Default: as everywhere. */
  lagMs?: number;
  needs?: Capability[];
}

/** Long enough for a p90 at 40 requests a second, short enough for many blocks. */
const usualTrialMs = 4_000;

export function workload(sketch: WorkloadSketch): WorkloadValue {
  const value: WorkloadValue<Seen> = {
    id: sketch.id,
    title: sketch.title,
    description: sketch.description,
    figures: sketch.figures.map(({ of: _, ...kind }) => kind),
    rateHz: sketch.streams.reduce((sum, stream) => sum + stream.rateHz, 0),
    trialMs: sketch.trialMs ?? usualTrialMs,
    needs: sketch.needs ?? [],
    change: (spec, keepWeights) =>
      withSources(serving(spec, sketch.servers, keepWeights), sketch.sources ?? 64),
    observe: (setting) => observe(sketch, setting),
    judge: (seen) => judge(sketch, seen),
  };
  return value as WorkloadValue as WorkloadValue<unknown>;
}

/** Pure. Figures of an instrument that was not healthy are none. */
export function judge(
  { figures, lagMs = 0 }: Pick<WorkloadSketch, 'figures' | 'lagMs'>,
  seen: Seen,
): { outcome: TrialOutcome; factor: number } {
  const { streams, health, keptUp = 1, watched } = seen;
  const histogram = mergeHistograms(streams.map((stream) => stream.histogram));
  const inTime = health.scheduleLagP99Ms <= lagMs;
  const reasons = health.reasons.filter((reason) => !(inTime && reason.startsWith('probes were sent late')));
  if (histogram.count === 0) reasons.push('nothing was answered');
  const inconclusive = reasons.length > 0 ? reasons.join('; ') : undefined;
  const taken = figures.flatMap((figure) => {
    const value = figure.of({ streams });
    return value === undefined ? [] : [[figure.name, value] as const];
  });
  const outcome: TrialOutcome = {
    figures: inconclusive === undefined ? Object.fromEntries(taken) : {},
    ...(inconclusive === undefined && { histogram }),
    shares: summed(streams.map((stream) => stream.shares)),
    planned: streams.reduce((sum, stream) => sum + stream.planned, 0),
    good: histogram.count,
    errors: summed(streams.map((stream) => stream.errors)),
    ...watched,
    ...(inconclusive !== undefined && { inconclusive }),
  };
  return { outcome, factor: keptUp };
}

function summed(counts: readonly Record<string, number>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [name, count] of counts.flatMap((one) => Object.entries(one)))
    sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
