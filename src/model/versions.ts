/**
 * Of the files that users keep. Raise a number when a reader of the old form would misread the new one, and tell
 * stored/upgrade.ts how to read the form before it.
 */
export const recordVersion = 3;
export const comparisonVersion = 1;
export const explorationVersion = 2;
export const matrixVersion = 1;
