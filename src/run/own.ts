import type { Check } from '../model/check.ts';
import type { LabSpec } from '../model/spec.ts';
import { specFor } from './check.ts';

/**
 * The check as it is judged for this lab: where the lab as written has the subject of a staged check, it is judged there, and
 * not in its stage.
 * @param spec the lab as written
 */
export const judgedFor = (spec: LabSpec, check: Check): Check =>
  check.own?.has(specFor(check, spec)) ? judgedIn(spec, check) : check;

/** The check as it is judged in the lab of a case that it is part of: a lab that is no stage is the one as written, or that broken. */
export function judgedIn(spec: LabSpec, check: Check): Check {
  const { stage, own, ...rest } = check;
  if (!stage || !own || spec.stage !== undefined) return check;
  const { vantages, disturbs, needs = check.needs } = own;
  return { ...rest, needs, insteadOf: stage, ...(vantages && { vantages }), ...(disturbs && { disturbs }) };
}

export const allJudgedFor = (spec: LabSpec, checks: readonly Check[]): Check[] =>
  checks.map((check) => judgedFor(spec, check));
