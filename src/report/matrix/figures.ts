import type { MatrixRecord } from '../../model/matrix.ts';
import { fidelityLabel } from '../text/fidelity.ts';

/** Why a matrix compares verdicts and no figures. */
export function figuresSentence({ places }: MatrixRecord): string {
  const labels = new Set(places.flatMap(({ run }) => (run ? [fidelityLabel(run.fidelity)] : [])));
  const why =
    labels.size > 1
      ? `the places were measured in ${labels.size} different environments, so their figures cannot share an axis`
      : 'a matrix is about verdicts';
  return `Latencies, rates and outages are in each place’s report, and not compared here: ${why}.`;
}
