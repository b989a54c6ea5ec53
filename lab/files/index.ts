export { directorOn } from './director.ts';
export { layNear, type Own, reachOwn } from './lay.ts';
export { putFiles } from './put.ts';
export { endedEarly, remarksOn, startPassing } from './start.ts';
export { textsOf } from './texts.ts';
