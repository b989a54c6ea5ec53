import type { FaultEvidence, FaultSpec, Interval, RunningFault } from '../../src/model/fault.ts';
import type { Scope } from '../../src/util/scope.ts';

/** One fault in one lab. */
export interface Fault {
  apply(): Promise<void>;
  verify(): Promise<FaultEvidence>;
  /** Also fixes what a failed `apply` left half done. */
  revert(): Promise<void>;
  /** It reaches beyond the lab, so it is reverted with the lab at the latest. */
  outlivesLab?: true;
}

/** Of the clock that never steps: that of probes too, where they are on this kernel. */
const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

async function timed(work: () => Promise<void>): Promise<Interval> {
  const fromMs = nowMs();
  await work();
  return { fromMs, toMs: nowMs() };
}

/** Applies the fault; what cannot be applied whole is taken back. */
export async function begin(spec: FaultSpec, fault: Fault, scope: Scope): Promise<RunningFault> {
  let applied: Interval;
  try {
    applied = await timed(() => fault.apply());
  } catch (error) {
    await fault.revert().catch(() => {});
    throw error;
  }
  let reverted: Promise<Interval> | undefined;
  const revert = (): Promise<Interval> => {
    reverted ??= timed(() => fault.revert());
    return reverted;
  };
  if (fault.outlivesLab) scope.defer(revert);
  return {
    spec,
    applied,
    verify: () => fault.verify(),
    revert,
    [Symbol.asyncDispose]: async () => void (await revert()),
  };
}
