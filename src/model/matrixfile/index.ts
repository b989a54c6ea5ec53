export { parsePlaces, placeForm, placeFrom } from './place.ts';
export { findMatrix, type MatrixFile, parseMatrixFile, readMatrixFile } from './read.ts';
export { matrixFileJsonSchema } from './schema.ts';
