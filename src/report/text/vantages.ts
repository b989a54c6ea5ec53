import type { CheckResult } from '../../model/record.ts';

/** «c1: pass; c2, behind router: fail»; undefined of what was looked at once. */
export const vantagesText = ({ vantages }: Pick<CheckResult, 'vantages'>): string | undefined =>
  vantages?.map(({ from, verdict }) => `${from}: ${verdict}`).join('; ');
