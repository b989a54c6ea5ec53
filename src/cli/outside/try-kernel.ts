import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuiltKernel } from '../../../lab/kernel/index.ts';
import { virtualTimeSandbox } from '../../../lab/sandbox/index.ts';
import { LabUnavailable } from '../../util/errors.ts';

/** Far longer than anybody would wait, so that only virtual time comes to the end of it. */
const nap = 'sleep 600';

/** What a lab's kernel must be able to do, each part with the words for where it cannot. */
const abilities: [string, string][] = [
  ['ip link add v0 type veth peer name v1 && ip link add b0 type bridge', 'make links'],
  ['ipvsadm -A -t 198.18.0.1:80 -s rr && ipvsadm -a -t 198.18.0.1:80 -r 198.18.0.2 -g', 'use IPVS'],
  ['tc qdisc add dev v0 root netem delay 1ms && tc qdisc add dev v1 clsact', 'shape traffic'],
  ['nft add table netdev t && nft add table inet t && nft add table arp t', 'filter with nf_tables'],
  ['iptables-legacy -t mangle -S >/dev/null && arptables-legacy -L >/dev/null', 'filter with iptables'],
  [nap, 'skip idle time'],
];

const memoryMiB = 512;

/**
 * Boots a kernel in virtual time and uses there what labs use. @returns milliseconds of wall time for all of it.
 * @throws {LabUnavailable} saying what it cannot do.
 */
export async function tryKernel(kernel: BuiltKernel): Promise<number> {
  // Killed meanwhile, it leaves nothing outside the folder of the build.
  const dir = await mkdtemp(join(dirname(kernel.image), 'try-'));
  try {
    const script = abilities
      .map(([command, what]) => `{ ${command}; } || { echo 'cannot ${what}'; exit 1; }`)
      .join('\n');
    const start = performance.now();
    await using running = await virtualTimeSandbox(kernel, 1).start({
      argv: ['/bin/sh', '-c', script],
      env: {},
      cwd: '/',
      writableDirs: [],
      consolePath: join(dir, 'console'),
      interactive: false,
      memoryMiB,
    });
    const deadline = setTimeout(() => running.kill(), 60_000);
    const { code, problem } = await running.exited.finally(() => clearTimeout(deadline));
    const tookMs = performance.now() - start;
    if (code === 0) return Math.round(tookMs);
    const said = (await readFile(join(dir, 'console'), 'utf8')).trim().split('\n').slice(-3).join(' | ');
    throw new LabUnavailable(`the kernel was built but does not support: ${problem ?? ''} ${said}`.trim());
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
