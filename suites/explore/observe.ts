import type { Bounds, Look, Observation, PlannedFault, Schedule } from '../../src/model/exploration.ts';
import type { Interval } from '../../src/model/fault.ts';
import type { Lab } from '../../src/model/lab.ts';
import { type Prober, proberOn, type RunningLoad, type StreamPlan } from '../../src/probe/client/prober.ts';
import { clientOf, list, serviceOf, targetOf } from '../common/subjects.ts';
import { unfitFor } from '../failover/outage/fitness.ts';
import { pause } from '../failover/outage/load.ts';
import { heldConnections, heldRateHz } from './bounds.ts';
import { finalState, lookAt } from './looking.ts';

/*
 *   steady load ──┬── fault ──────── reverted ──┬── settling ──┬── what is left
 *                 └──── fault ── reverted ──────┘              └── the load ends
 *   a look at both directors several times a second, from the begin of the load to its end
 */

const freshRateHz = 10;
const probeTimeoutMs = 1_000;
const lookEveryMs = 400;

/** From the last revert until everything must be as it was. */
export const settlingMs = (bounds: Bounds): number =>
  Math.max(bounds.readyMs, bounds.masterDownMs + Math.max(bounds.announceMs, bounds.returnMs)) +
  bounds.slackMs;

/** Does the schedule to a fresh lab, and tells what happened; judges nothing. */
export async function observeSchedule(lab: Lab, schedule: Schedule, bounds: Bounds): Promise<Observation> {
  const service = serviceOf(lab.spec, 'tcp');
  const prober: Prober = await proberOn(lab, clientOf(lab.spec).name);
  const load = await prober.openLoop(streamsTo(targetOf(service)), { warmUp: false });
  const looks: Look[] = [];
  let ended = false;
  const looking = (async () => {
    while (!ended) {
      const fromMs = load.nowMs();
      const seen = await lookAt(lab, service);
      looks.push({ fromMs, toMs: load.nowMs(), ...seen });
      await pause(lookEveryMs);
    }
  })();
  try {
    await pause(Math.max(bounds.syncMs ?? 0, 1_500));
    const startMs = load.nowMs();
    const all = await Promise.allSettled(schedule.faults.map((one) => occur(lab, load, one, startMs)));
    // Each has ended by now: nothing is still being reverted when this one is thrown.
    const faults = all.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
    // A timer may fire a millisecond early, and in virtual time nothing that follows makes up for it.
    await pause(settlingMs(bounds) + 2);
    ended = true;
    await looking;
    const fromMs = load.nowMs();
    const last = await lookAt(lab, service);
    looks.push({ fromMs, toMs: load.nowMs(), ...last });
    const final = await finalState(lab);
    const endMs = load.nowMs();
    const { streams, health } = await load.stop();
    const unfit = unfitFor({ health, streams }, bounds.slackMs);
    const pointsOf = (name: string) =>
      (streams.find((stream) => stream.name === name)?.points ?? []).map(({ seq: _, ...point }) => point);
    return {
      faults,
      looks,
      fresh: pointsOf('fresh'),
      held: pointsOf('held'),
      ...(unfit.length > 0 && { unfit: `the prober was not healthy: ${list(unfit)}` }),
      endMs,
      final,
    };
  } finally {
    ended = true;
    await looking.catch(() => {});
  }
}

function streamsTo(target: StreamPlan['target']): StreamPlan[] {
  const plan = { target, timeoutMs: probeTimeoutMs };
  return [
    { ...plan, name: 'fresh', kind: 'connect', rateHz: freshRateHz },
    { ...plan, name: 'held', kind: 'established', rateHz: heldRateHz, connections: heldConnections },
  ];
}

/** One fault, from its begin to its end. */
async function occur(lab: Lab, load: RunningLoad, planned: PlannedFault, startMs: number) {
  const untilMs = (tMs: number) => pause(Math.max(0, startMs + tMs - load.nowMs()));
  await untilMs(planned.beginMs);
  const running = await lab.faults.start(planned.fault);
  await untilMs(planned.beginMs + planned.durationMs);
  const reverted = await running.revert();
  return {
    fault: planned.fault,
    applied: onLoadClock(load, running.applied),
    reverted: onLoadClock(load, reverted),
  };
}

/** Faults are timed on CLOCK_MONOTONIC in whole, the load from its own zero. */
function onLoadClock(load: RunningLoad, { fromMs, toMs }: Interval): Interval {
  const zeroMs = Number(process.hrtime.bigint()) / 1e6 - load.nowMs();
  return { fromMs: fromMs - zeroMs, toMs: toMs - zeroMs };
}
