import type { Check, Judgement } from '../../src/model/check.ts';
import { checks } from '../index.ts';
import { recordedCase } from '../recorded/recorded.ts';
import { type Edits, edited } from './edits.ts';

/** What a check says of something that it once observed, of a mutant or of the unbroken lab, with changes. */
export function saidOf(id: string, { mutant, where = {} }: { mutant?: string; where?: Edits }): Judgement {
  const check = checks.find((one): one is Check => one.id === id);
  if (!check) throw new Error(`no check ${id}`);
  const { spec, observation } = recordedCase(check, mutant);
  return check.judge(edited(observation, where), { spec });
}
