/** What the run as a whole says, worst last. */
export type Outcome = 'conformant' | 'nothingRan' | 'inconclusive' | 'interrupted' | 'notConformant';

export interface Conclusion {
  outcome: Outcome;
  /** Two words for a banner. */
  headline: string;
  /** The rest of the sentence, without a full stop. */
  detail: string;
}
