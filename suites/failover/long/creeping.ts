import type { Lab } from '../../../src/model/lab.ts';

/** What runs on directors, and how evenly they speak: what creeps in an hour. */

export interface Running {
  processes: number;
  /** Of keepalived, all its processes together. */
  rssKiB: number;
}

/** Builtins only: a program that is started would be counted. */
const runningScript = (director: string): string => `n=0 rss=0
for pid in $(ip netns pids ${director}); do
  [ "$pid" = $$ ] || [ ! -r /proc/$pid/status ] && continue
  n=$((n + 1))
  while read -r key value _; do
    case $key in Name:) name=$value ;; VmRSS:) [ "$name" != keepalived ] || rss=$((rss + value)) ;; esac
  done </proc/$pid/status
done
echo $n $rss`;

async function runningOn(lab: Lab, director: string): Promise<Running> {
  const { stdout } = await lab.host(director).exec(runningScript(director));
  const [processes = 0, rssKiB = 0] = stdout.trim().split(' ').map(Number);
  return { processes, rssKiB };
}

export async function runningOnAll(lab: Lab, names: string[]): Promise<Running[]> {
  return Promise.all(names.map((name) => runningOn(lab, name)));
}

/** How many moments, and the longest time between two. */
export function rhythmOf(timesMs: number[]) {
  let [longestGapMs, longestGapAtS] = [0, 0];
  for (const [i, tMs] of timesMs.entries()) {
    const gapMs = tMs - (timesMs[i - 1] ?? tMs);
    if (gapMs > longestGapMs) [longestGapMs, longestGapAtS] = [gapMs, tMs / 1000];
  }
  return {
    count: timesMs.length,
    longestGapMs: Math.round(longestGapMs),
    longestGapAtS: Math.round(longestGapAtS),
  };
}
