import type { ComparisonRecord } from '../../model/comparison.ts';
import type { ExplorationRecord } from '../../model/exploration.ts';
import type { MatrixRecord } from '../../model/matrix.ts';
import type { UnsettledLab } from '../../model/record.ts';

/** One sentence, the same wherever it is reported. */
export const didNotSettle = ({ case: name, lacks }: UnsettledLab): string =>
  `the lab of ${name} did not settle (${lacks}), and was used all the same`;

/** A sentence for each variant, and for all that its labs lacked. */
export const unsettledVariants = ({ trials }: ComparisonRecord): string[] => [
  ...new Set(
    trials.flatMap(({ variant, unsettled }) =>
      unsettled === undefined ? [] : [didNotSettle({ case: variant, lacks: unsettled })],
    ),
  ),
];

/** A sentence for each schedule whose lab did not settle. */
export const unsettledSchedules = ({ outcomes }: ExplorationRecord): string[] =>
  outcomes.flatMap(({ schedule, unsettled }) =>
    unsettled === undefined ? [] : [didNotSettle({ case: `seed ${schedule.seed}`, lacks: unsettled })],
  );

/** A sentence for each place and each of its labs. */
export const unsettledPlaces = ({ places }: MatrixRecord): string[] =>
  places.flatMap(({ place, run }) =>
    (run?.unsettled ?? []).map((lab) => `${place.name}: ${didNotSettle(lab)}`),
  );
