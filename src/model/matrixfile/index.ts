export type { Known } from './names.ts';
export { parsePlaces, placeForm, placeFrom } from './place.ts';
export { findMatrix, type MatrixFile, parseMatrixFile, readMatrixFile } from './read.ts';
export { matrixFileJsonSchema } from './schema.ts';
