import type { Check, Judgement } from '../../src/model/check.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import { checks } from '../index.ts';
import { recordedCase } from '../recorded/recorded.ts';
import { type Edits, edited } from './edits.ts';

/** What a check says of something that it once observed, of a mutant or of the unbroken lab, with changes. */
export function saidOf(
  id: string,
  {
    mutant,
    where = {},
    inLab = same,
  }: { mutant?: string; where?: Edits; inLab?: (spec: LabSpec) => LabSpec },
): Judgement {
  const check = checks.find((one): one is Check => one.id === id);
  if (!check) throw new Error(`no check ${id}`);
  const { spec, observation } = recordedCase(check, mutant);
  return check.judge(edited(observation, where), { spec: inLab(spec) });
}

const same = (spec: LabSpec): LabSpec => spec;
