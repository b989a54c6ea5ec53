import type { Claim } from '../../src/model/claim.ts';

/** Claims on one subject, short to write. */
export const claimsOn =
  (subject: string) =>
  (
    id: string,
    statement: string,
    verdict: Claim['verdict'],
    decidedBy: string[],
    because: string,
  ): Claim => ({ id, subject, statement, verdict, decidedBy, because });
