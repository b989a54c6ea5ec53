import type { Bounds, Observation } from '../../model/exploration.ts';
import { describeFault, type FaultSpec, type Interval } from '../../model/fault.ts';

/** A fault as it happened. */
export type Happened = Observation['faults'][number];

/** When new connections may fail, and by which fault. */
export interface Window extends Interval {
  why: string;
}

/** Directors that the fault is about; of a real server: none. */
export function directorsIn(fault: FaultSpec, directors: readonly string[]): string[] {
  if (fault.kind === 'rogueRouter') return [...directors];
  if (fault.kind === 'partition') return fault.sides.flat().filter((name) => directors.includes(name));
  return 'host' in fault && directors.includes(fault.host) ? [fault.host] : [];
}

/** The real server that the fault is about. */
export const serverIn = (fault: FaultSpec, directors: readonly string[]): string | undefined =>
  'host' in fault && !directors.includes(fault.host) ? fault.host : undefined;

/** The service fails for as long as these last: each period takes the VIP away again, or a rogue router has it. */
const fails = (fault: FaultSpec): boolean => fault.kind === 'flap' || fault.kind === 'rogueRouter';

/** From its begin until the lab has worked around it, by the formulas of the configuration. */
export function workedAroundMs(fault: FaultSpec, bounds: Bounds, directors: readonly string[]): number {
  if (fault.kind === 'clockStep') return 0;
  if (serverIn(fault, directors) !== undefined) return bounds.detectionMs + bounds.slackMs;
  // Two owners for a while: the last word on who has the VIP is an announcement.
  const leaves = fault.kind === 'daemon' && fault.signal === 'TERM';
  return (leaves ? bounds.skewMs : bounds.masterDownMs) + bounds.slackMs;
}

/** From its end until everything is as before. */
export function fixedMs(fault: FaultSpec, bounds: Bounds, directors: readonly string[]): number {
  if (fault.kind === 'clockStep') return 0;
  if (serverIn(fault, directors) !== undefined) return bounds.slackMs;
  // Of two owners one steps down, and the other announces the VIP once more. It may be the one that was cut off: its
  // health checks have taken every real server out meanwhile, and have to see them again.
  return bounds.masterDownMs + Math.max(bounds.announceMs, bounds.returnMs) + bounds.slackMs;
}

export function windowsOf(
  faults: readonly Happened[],
  bounds: Bounds,
  directors: readonly string[],
): Window[] {
  return faults.flatMap(({ fault, applied, reverted }) => {
    const why = describeFault(fault);
    const end = { fromMs: reverted.fromMs, toMs: reverted.toMs + fixedMs(fault, bounds, directors), why };
    const begin = {
      fromMs: applied.fromMs,
      toMs: applied.toMs + workedAroundMs(fault, bounds, directors),
      why,
    };
    return fails(fault) ? [{ ...end, fromMs: applied.fromMs }] : [begin, end];
  });
}

export const within = (tMs: number, windows: readonly Interval[]): boolean =>
  windows.some(({ fromMs, toMs }) => tMs >= fromMs && tMs <= toMs);

/** When the lab is neither broken nor still settling. */
export function isCalm(
  tMs: number,
  faults: readonly Happened[],
  bounds: Bounds,
  directors: readonly string[],
  settlingMs: number,
): boolean {
  return faults.every(
    ({ fault, applied, reverted }) =>
      serverIn(fault, directors) !== undefined ||
      fault.kind === 'clockStep' ||
      tMs < applied.fromMs ||
      tMs > reverted.toMs + Math.max(settlingMs, fixedMs(fault, bounds, directors)),
  );
}
