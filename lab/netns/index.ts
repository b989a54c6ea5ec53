/** Labs made of network namespaces, inside a sandbox. */
export { type BuildOptions, buildLab } from './build.ts';
export { thisPlace } from './place.ts';
export { plan } from './plan.ts';
export { provenance } from './provenance.ts';
