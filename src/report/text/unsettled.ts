import type { UnsettledLab } from '../../model/record.ts';

/** One sentence, the same wherever it is told. */
export const didNotSettle = ({ case: name, lacks }: UnsettledLab): string =>
  `the lab of ${name} did not settle (${lacks}); its checks were run all the same`;
