import { DrlabError, exitCode } from '../util/errors.ts';

/** A probe could not look: an unreadable capture, a prober that ended, no single active director. */
export class ProbeFailed extends DrlabError {
  readonly exit = exitCode.inconclusive;
}
