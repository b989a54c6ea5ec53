import type { Judgement } from '../../src/model/check.ts';
import { stepLine } from '../../src/model/remedy.ts';

/** A remedy in one line, for tests of its words. */
export const remedyText = ({ remedy }: Pick<Judgement, 'remedy'>): string =>
  (remedy ?? []).map(stepLine).join('; ');
