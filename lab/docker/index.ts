export { buildDockerLab } from './build.ts';
export { type Swept, sweepDocker } from './sweep.ts';
