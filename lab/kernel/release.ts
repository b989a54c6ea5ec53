/** Kernel names such as `6.1`, `6.1.0-50-amd64` or `6.12.117+deb12-amd64`. */

/** Orders releases as people would: 6.1.0-9 before 6.1.0-50 before 6.12. */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => (text.match(/\d+/g) ?? []).map(Number));
  for (let i = 0; i < Math.max(left?.length ?? 0, right?.length ?? 0); i += 1) {
    const difference = (left?.[i] ?? -1) - (right?.[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether `release` is what a user means by `wanted`: itself, or its first numbers. */
export const isRelease = (release: string, wanted: string): boolean =>
  release === wanted || (release.startsWith(wanted) && /^[^\d]/.test(release.slice(wanted.length)));

/** `6.1.0-50-amd64` is of series `6.1`. */
export const seriesOf = (release: string): string => /^\d+\.\d+/.exec(release)?.[0] ?? release;

/** What looks like a release, and not like a file. */
export const looksLikeRelease = (text: string): boolean => /^\d+\.\d+[\w.+~-]*$/.test(text);
