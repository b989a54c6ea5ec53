export { directorOn } from './director.ts';
export { layNear } from './lay.ts';
export { endedEarly, startPassing } from './start.ts';
export { textsOf } from './texts.ts';
