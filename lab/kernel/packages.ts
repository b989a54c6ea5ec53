import { compareReleases, isRelease, seriesOf } from './release.ts';

/** A kernel that the package lists of this machine offer. */
export interface KernelPackage {
  name: string;
  release: string;
  series: string;
  version: string;
  /** What has to be fetched. */
  downloadBytes: number;
  /** What it takes once unpacked, before what no lab uses is left out. */
  unpackedBytes: number;
}

const amd64Kernel = /^linux-image-(\d[\w.+~-]*-amd64)$/;
/** Realtime and cloud kernels, of which the latter have no 9p, and names that mean another package. */
const otherFlavour = /-(rt|cloud)-amd64$|^linux-image-\d+\.\d+-amd64$/;

/** Kernels among package names, one a line, as `apt-cache pkgnames linux-image-` prints them. */
export const kernelNames = (pkgnames: string): string[] =>
  pkgnames.split('\n').filter((name) => amd64Kernel.test(name) && !otherFlavour.test(name));

/** Each package that `apt-cache show` prints, as a function from the name of a field to what it says. */
export const stanzas = (shown: string): ((field: string) => string)[] =>
  shown
    .split(/\n\s*\n/)
    .map((stanza) => (field) => new RegExp(`^${field}: *(.*)$`, 'm').exec(stanza)?.[1] ?? '');

/** From what `apt-cache show --no-all-versions` prints; newest first. */
export function parsePackages(shown: string): KernelPackage[] {
  const found = new Map<string, KernelPackage>();
  for (const field of stanzas(shown)) {
    const name = field('Package');
    const release = amd64Kernel.exec(name)?.[1];
    if (release === undefined || field('Size') === '') continue;
    found.set(name, {
      name,
      release,
      series: seriesOf(release),
      version: field('Version'),
      downloadBytes: Number(field('Size')),
      unpackedBytes: Number(field('Installed-Size')) * 1024,
    });
  }
  return [...found.values()].sort((a, b) => compareReleases(b.release, a.release));
}

/** The newest package of each series, oldest series first. */
export function newestOfSeries(packages: readonly KernelPackage[]): KernelPackage[] {
  const series = new Map<string, KernelPackage>();
  for (const one of packages) if (!series.has(one.series)) series.set(one.series, one);
  return [...series.values()].reverse();
}

/** The newest package that `wanted` means, such as `6.1` or a whole release. */
export const packageFor = (packages: readonly KernelPackage[], wanted: string): KernelPackage | undefined =>
  packages.find(({ release }) => isRelease(release, wanted));
