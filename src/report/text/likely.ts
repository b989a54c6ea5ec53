import type { Diagnosis } from '../../model/diagnosis.ts';
import { percent } from './units.ts';

/** What a likely cause is headed by: the run's own words where it has some, else the known misconfiguration. */
export function headlineOf({ cause, breaks }: Diagnosis): string {
  return cause ?? breaks;
}

/** Which known misconfigurations the failures look like, and how much: a likeness, not a cause. */
export function likenessOf({ breaks, also = [], share }: Diagnosis): string {
  const alike = [breaks, ...also].map((one) => `«${one}»`).join(' or ');
  return `of the known misconfigurations most like ${alike} (${percent(share)})`;
}
