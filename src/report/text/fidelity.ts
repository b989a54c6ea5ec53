import type { CheckResult, Fidelity } from '../../model/record.ts';
import { plural } from './units.ts';

/** The label that every figure carries; equal labels mean comparable figures. */
export const fidelityLabel = (fidelity: Fidelity): string => partsOf(fidelity).join(' · ');

const partsOf = ({ sandbox, time, cpus, network }: Fidelity): string[] =>
  [sandbox, `${time} time`, plural(cpus, 'CPU'), network].filter((part) => part !== '');

/** Behind a figure that was measured otherwise than its run: in what; empty for all others. */
export function otherLabel({ fidelity }: Pick<CheckResult, 'fidelity'>, run: { fidelity: Fidelity }): string {
  if (!fidelity) return '';
  const ofRun = partsOf(run.fidelity);
  const other = partsOf(fidelity).filter((part) => !ofRun.includes(part));
  return other.length > 0 ? ` (${other.join(' · ')})` : '';
}
