export { directorOn } from './director.ts';
export { layNear, type Own, reachOwn } from './lay.ts';
export { putFiles } from './put.ts';
export { remarksOn } from './remarks.ts';
export { endedEarly, startPassing } from './start.ts';
export { textsOf } from './texts.ts';
