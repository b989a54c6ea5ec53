export { findLab, readyMadeLabs, topologiesDir } from './find.ts';
export { labFileJsonSchema } from './jsonschema.ts';
export { parseLab, readLab } from './read.ts';
export { schedulers } from './schema.ts';
export { placeIn } from './source.ts';
