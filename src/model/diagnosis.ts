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
export interface Diagnosis {
  mutant: string;
  breaks: string;
  /** Of the checks that decided here and there, how many said the same. */
  agree: number;
  of: number;
  /** How likely it is among all known misconfigurations, 0 to 1. */
  share: number;
  /** The run's own words on where it is, and what fixes it. */
  cause?: string;
  remedy?: string;
  /** What tells it from the next candidate. */
  apart?: string;
}
