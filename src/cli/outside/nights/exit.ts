import type { RunRecord } from '../../../model/record.ts';
import { exitCode } from '../../../util/errors.ts';

const { conformant, nothingRan, inconclusive, notConformant, interrupted } = exitCode;

/** The worst last. */
const rank: number[] = [conformant, nothingRan, inconclusive, notConformant, interrupted];

/**
 * The worse of the two runs, since a check that failed once has failed; inconclusive where a suspicion was left open;
 * not conformant where the gate is to fail the night.
 * @param second the run that was to confirm it
 */
export function exitOfNight({ exitCode: own, gate }: RunRecord, second?: RunRecord): number {
  const codes = [own];
  if (second) codes.push(second.exitCode === exitCode.unavailable ? inconclusive : second.exitCode);
  if (gate?.needsConfirming) codes.push(inconclusive);
  if (gate?.failOn && gate.confirmed) codes.push(notConformant);
  return codes.reduce((worst, code) => (rank.indexOf(code) > rank.indexOf(worst) ? code : worst));
}
