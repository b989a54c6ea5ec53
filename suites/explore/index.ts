export { boundsOf } from './bounds.ts';
export { observeSchedule, settlingMs } from './observe.ts';
