import type { z } from 'zod';
import type { decidedClaimSchema } from './schema/record.ts';

/** Something that is said about LVS-DR, and what a lab shows about it. */

export type ClaimVerdict = Exclude<DecidedClaim['verdict'], 'open'>;

export interface Claim {
  /** `S05`; stable. */
  id: string;
  /** What it is about, such as `packet path`. */
  subject: string;
  statement: string;
  /** IDs of the checks that decide it, all of them. */
  decidedBy: string[];
  /** What it comes to where all of these pass. */
  verdict: ClaimVerdict;
  /** Why, in one or two sentences. */
  because: string;
}

/** A claim with what a run showed. */
export type DecidedClaim = z.infer<typeof decidedClaimSchema>;
