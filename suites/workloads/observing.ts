import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../../src/model/lab.ts';
import type { TrialSetting } from '../../src/model/workload.ts';
import { type LoadResult, type Prober, proberOn, type StreamPlan } from '../../src/probe/client/prober.ts';
import { comparedService, ripsOf, sender, sources } from './servers.ts';
import { type Watched, watch } from './watching.ts';

/** What one trial saw; plain data. */
export interface Seen {
  streams: Pick<
    LoadResult['streams'][number],
    'name' | 'kind' | 'rateHz' | 'planned' | 'sent' | 'histogram' | 'shares' | 'errors'
  >[];
  /** Share of the planned rate that the prober kept up with when it was tried; missing where that was done before. */
  keptUp?: number;
  health: LoadResult['health'];
  watched: Watched;
}

/** What a workload's streams have in common with all others. */
export type StreamSketch = Omit<StreamPlan, 'target' | 'seed' | 'from'>;

export interface LoadSketch {
  /** At the workload's own rates. */
  streams: StreamSketch[];
  /** Happens while the load runs; it must undo what it does. */
  during?(setting: TrialSetting): Promise<void>;
}

/** Labs whose prober has run already: a cold one is translated while it measures. */
const warm = new WeakSet<Lab>();

/**
 * Runs the streams for the time of a trial, from all addresses of the client in turn, at the planned rates: trials at
 * different rates compare with nothing.
 */
export async function observe(sketch: LoadSketch, setting: TrialSetting): Promise<Seen> {
  const { lab, spec, trialMs } = setting;
  const plans = sketch.streams.flatMap((stream) => aimed(stream, setting));
  const prober = await proberOn(lab, sender(spec).name);
  const keptUp = warm.has(lab) ? undefined : await warmUp(prober, plans);
  warm.add(lab);
  // Before the load and after it: a look in between would disturb what it looks at.
  const lookAgain = await watch(lab, spec);
  const load = await prober.openLoop(plans, { warmUp: false });
  await Promise.all([sleep(trialMs), sketch.during?.(setting)]);
  const { streams, health } = await load.stop();
  const watched = await lookAgain(health.ownCpu);
  return {
    streams: streams.map(({ name, kind, rateHz, planned, sent, histogram, shares, errors }) => ({
      name,
      kind,
      rateHz,
      planned,
      sent,
      histogram,
      shares,
      errors,
    })),
    health,
    ...(keptUp !== undefined && { keptUp }),
    watched,
  };
}

/** @returns the share of the rates that the warm-up came to. */
async function warmUp(prober: Prober, plans: StreamPlan[]): Promise<number> {
  const { streams } = await (await prober.openLoop(plans)).stop();
  return Math.min(1, ...streams.map(({ rateHz }, i) => rateHz / (plans[i]?.rateHz ?? rateHz)));
}

/** To the VIP; or as much to each RIP as a fair director would send there, each at times of its own. */
function aimed(stream: StreamSketch, { spec, direct, factor, seed }: TrialSetting): StreamPlan[] {
  const { vip, port } = comparedService(spec);
  const targets = direct ? ripsOf(spec) : [vip];
  const share = (n: number | undefined) => Math.max(1, Math.round((n ?? 1) / targets.length));
  return targets.map((ip, i) => ({
    ...stream,
    name: targets.length === 1 ? stream.name : `${stream.name} to ${ip}`,
    target: { ip, port },
    rateHz: (stream.rateHz * factor) / targets.length,
    ...(stream.connections !== undefined && { connections: share(stream.connections) }),
    from: sources(spec),
    seed: seed + i,
  }));
}
