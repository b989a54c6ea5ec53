/** Labs of machines that exist, over ssh. */
export { buildSshLab, type SshOptions } from './build.ts';
export { type SweepOptions, type Swept, sweepSsh } from './sweep.ts';
