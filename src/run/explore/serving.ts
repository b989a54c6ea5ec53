import type { ProbePoint } from '../../model/measurement.ts';
import type { Judge } from './judge.ts';
import { serverIn, windowsOf, within } from './windows.ts';
import { at, fails, holds, inconclusive } from './words.ts';

const isBad = ({ latencyMs, error }: ProbePoint): boolean => latencyMs === null || error !== undefined;

/** Where the director held it back, an answer was on its way before the fault took hold. */
const onTheWayMs = 50;

/** Nobody answers who is cut off or dead, or whom the owner of the VIP has taken out; and nobody answers with an error. */
export const answersRight: Judge = ({ observation, bounds, directors }) => {
  const { faults, fresh, looks, unfit } = observation;
  if (fresh.length === 0) return inconclusive('the load did not run');
  const wrongWindows = faults
    .filter(({ fault }) => ['errorAnswers', 'slowAnswers', 'hang'].includes(fault.kind))
    .map(({ applied, reverted }) => ({
      fromMs: applied.fromMs - bounds.slackMs,
      toMs: Math.min(applied.toMs + bounds.detectionMs, reverted.toMs) + bounds.slackMs,
    }));
  const wrong = fresh.find(({ tMs, error }) => error === 'wrong-answer' && !within(tMs, wrongWindows));
  if (wrong) return fails(`a wrong answer to a new connection at ${at(wrong.tMs)}`);
  const good = fresh.filter((point) => !isBad(point));
  for (const { tMs, latencyMs, server } of good) {
    const answeredMs = tMs + (latencyMs ?? 0);
    const dead = faults.find(
      ({ fault, applied, reverted }) =>
        server !== undefined &&
        serverIn(fault, directors) === server &&
        ['serviceDead', 'portDown', 'powerOff', 'loss'].includes(fault.kind) &&
        tMs > applied.toMs + onTheWayMs &&
        answeredMs < reverted.fromMs,
    );
    if (dead) return fails(`${server} answered at ${at(answeredMs)}, while it was cut off or dead`);
    const before = looks.findLast(({ toMs }) => toMs <= tMs);
    const after = looks.find(({ fromMs }) => fromMs >= answeredMs);
    if (!before || !after || server === undefined) continue;
    const removed = [before, after].every((look) =>
      Object.values(look.tables).every((servers) => !servers.includes(server)),
    );
    if (removed) return fails(`${server} answered a new connection at ${at(tMs)}, after it was removed`);
  }
  if (unfit !== undefined) return inconclusive(unfit);
  if (good.length === 0) return inconclusive('no new connection was answered');
  return holds(`${good.length} right answers`);
};

export const healedInTime: Judge = ({ observation: { faults, fresh, unfit }, bounds, directors }) => {
  if (fresh.length === 0) return inconclusive('the load did not run');
  const first = Math.min(Number.POSITIVE_INFINITY, ...faults.map(({ applied }) => applied.fromMs));
  const early = fresh.find((point) => point.tMs < first - bounds.slackMs && isBad(point));
  if (early) return inconclusive(`a new connection failed at ${at(early.tMs)}, before any fault`);
  if (unfit !== undefined) return inconclusive(unfit);
  const windows = windowsOf(faults, bounds, directors).map((one) => ({
    ...one,
    // A connection that was opened shortly before may be caught by it.
    fromMs: one.fromMs - bounds.slackMs,
  }));
  const late = fresh.filter((point) => isBad(point) && !within(point.tMs, windows));
  const [one] = late;
  if (!one)
    return holds(`${fresh.filter(isBad).length} of ${fresh.length} new connections failed, all in time`);
  const cause = windows.filter(({ toMs }) => toMs < one.tMs).sort((a, b) => b.toMs - a.toMs)[0];
  const after = cause === undefined ? '' : `: ${cause.why}, and that should have healed by ${at(cause.toMs)}`;
  return fails(
    `${late.length} new connections failed later than allowed, the first at ${at(one.tMs)} (${one.error ?? 'no answer'}), the last at ${at(late.at(-1)?.tMs ?? 0)}${after}`,
  );
};
