import type { Fidelity } from '../../model/record.ts';
import { plural } from './units.ts';

/** The label that every figure carries; equal labels mean comparable figures. */
export function fidelityLabel(fidelity: Fidelity): string {
  return [fidelity.sandbox, `${fidelity.time} time`, plural(fidelity.cpus, 'CPU'), fidelity.network]
    .filter((part) => part !== '')
    .join(' · ');
}
