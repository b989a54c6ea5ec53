export { directorOn } from './director.ts';
export { layNear } from './lay.ts';
export { putFiles } from './put.ts';
export { endedEarly, startPassing } from './start.ts';
export { textsOf } from './texts.ts';
