import type { CheckResult, Fidelity } from '../../model/record.ts';
import { plural } from './units.ts';

/** The label that every figure carries; equal labels mean comparable figures. */
export function fidelityLabel(fidelity: Fidelity): string {
  return [fidelity.sandbox, `${fidelity.time} time`, plural(fidelity.cpus, 'CPU'), fidelity.network]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Behind a figure that was measured otherwise than its run; empty for all others. */
export const otherLabel = ({ fidelity }: Pick<CheckResult, 'fidelity'>): string =>
  fidelity ? ` (${fidelityLabel(fidelity)})` : '';
