export {
  type BuildProgress,
  buildKernel,
  missingBuildTools,
} from './build.ts';
export { type BuiltKernel, builtKernels, kernelForVirtualTime } from './built.ts';
export { cacheDir, cachedKernels, type Kernel, kernelsDir, sizeOf } from './cache.ts';
export { type CpioEntry, cpio } from './cpio.ts';
export { type FetchProgress, fetchKernel } from './fetch.ts';
export { findKernel, type OnFetch } from './find.ts';
export { loadOrder, readModules } from './modules.ts';
export { obtainableKernels } from './obtainable.ts';
export { type KernelPackage, newestOfSeries, packageFor } from './packages.ts';
export { compareReleases, isRelease, seriesOf } from './release.ts';
export { type KernelSource, kernelSource } from './source.ts';
