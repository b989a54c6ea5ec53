/** Labs made of network namespaces, inside a sandbox. */
export { type BuildOptions, buildLab } from './build.ts';
