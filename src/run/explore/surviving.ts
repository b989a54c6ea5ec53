import type { Bounds } from '../../model/exploration.ts';
import { describeFault, type Interval } from '../../model/fault.ts';
import type { Judge } from './judge.ts';
import { directorsIn, fixedMs, type Happened, serverIn, within } from './windows.ts';
import { at, fails, holds, inconclusive } from './words.ts';

/** TCP sends again after the double of what it waited before, so a stall is followed by one as long (RFC 6298 §5.5). */
const backOff = 2;

/** The synchronisation daemons promise that a director's fault breaks no connection that the other had time to learn of. */
export const connectionsSurvive: Judge = ({ observation, bounds, directors }) => {
  const { faults, held, unfit, endMs } = observation;
  if (bounds.syncMs === null) return holds('nothing is promised: the directors do not synchronise');
  if (held.length === 0) return inconclusive('the load did not run');
  if (unfit !== undefined) return inconclusive(unfit);
  const excused = faults.flatMap((one) => excuse(one, faults, bounds, directors) ?? []);
  const cut = held.filter(
    ({ tMs, error }) =>
      (error === 'reset' || error === 'closed' || error === 'refused') && !within(tMs, excused),
  );
  const [first] = cut;
  if (first) {
    const by = faults.findLast(({ applied }) => applied.fromMs <= first.tMs);
    const cause = by ? ` after ${describeFault(by.fault)}` : '';
    return fails(`an established connection was ${first.error} at ${at(first.tMs)}${cause}`);
  }
  // A connection to a real server that was taken out is lost for good, which is not the directors' doing.
  const silent = excused.length > 0 ? undefined : held.findLast(({ tMs }) => tMs < endMs - 1_000);
  if (silent && silent.latencyMs === null)
    return fails(`an established connection was not answered at ${at(silent.tMs)}, after settling`);
  const judged = faults.length - excused.length;
  return holds(
    judged === 0 ? 'nothing is promised in this schedule' : `no connection was lost by ${judged} faults`,
  );
};

/** When connections may break all the same: by the death of a real server, or where the other director had no time to learn. */
function excuse(
  one: Happened,
  faults: readonly Happened[],
  bounds: Bounds,
  directors: readonly string[],
): Interval | undefined {
  const { fault, applied, reverted } = one;
  const lastsMs = reverted.toMs - applied.fromMs;
  const fromMs = applied.fromMs - bounds.slackMs;
  if (serverIn(fault, directors) !== undefined)
    return { fromMs, toMs: reverted.toMs + backOff * (lastsMs + bounds.detectionMs) + bounds.slackMs };
  const touched = directorsIn(fault, directors);
  if (touched.length === 0) return undefined;
  const toMs = reverted.toMs + fixedMs(fault, bounds, directors) + backOff * lastsMs;
  const syncMs = bounds.syncMs ?? 0;
  const tooSoon = faults.some(
    (other) =>
      other !== one &&
      directorsIn(other.fault, directors).length > 0 &&
      other.applied.fromMs < applied.fromMs &&
      other.reverted.toMs + syncMs > applied.fromMs,
  );
  const emptied = bounds.preempt && fault.kind === 'powerOff' && fault.back === 'rebooted';
  // A rogue router answers for the VIP with resets, and each flap moves it again.
  const repeated = fault.kind === 'rogueRouter' || fault.kind === 'flap';
  return tooSoon || emptied || repeated ? { fromMs, toMs } : undefined;
}
