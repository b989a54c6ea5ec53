import type { z } from 'zod';
import type { diagnosisSchema } from './schema/record.ts';

/** Which misconfiguration a pattern of failures looks like. */

/** What the checks said in a lab that was broken on purpose. */
export interface Signature {
  /** `ARP-01/arp-ignore-off`. */
  mutant: string;
  /** What an operator did wrong, as a phrase. */
  breaks: string;
  /** Check IDs; the others asked there passed. */
  failed: string[];
  passed: string[];
}

/** One candidate. */
export type Diagnosis = z.infer<typeof diagnosisSchema>;
