import type { RunRecord } from '../../src/model/record.ts';
import type { Finding } from './finding.ts';
import { guestMemoryMiB } from './guest.ts';
import type { Probing } from './probing.ts';

const mebibyte = 2 ** 20;
/** What the guest of the uml sandbox may take; its memory is a file on a tmpfs, so it takes what it uses. */
const guestBytes = guestMemoryMiB * mebibyte;

/** Node, CPUs and memory. */
export async function inspectResources(
  on: Probing,
  machine: RunRecord['machine'],
  nodeVersion: string,
): Promise<Finding[]> {
  const available =
    Number(/^MemAvailable:\s+(\d+) kB/m.exec((await on.read('/proc/meminfo')) ?? '')?.[1]) * 1024;
  return [
    {
      name: 'node',
      ok: Number(/^v(\d+)/.exec(nodeVersion)?.[1]) >= 20,
      required: true,
      found: nodeVersion,
      neededFor: 'drlab itself (20 or newer)',
    },
    {
      name: 'CPUs',
      ok: machine.cpus >= 2,
      required: false,
      found: `${machine.cpus} × ${machine.cpuModel}`,
      neededFor: 'figures of throughput and latency (2 or more); checks need one',
    },
    {
      name: 'memory',
      ok: available >= guestBytes,
      required: false,
      found: `${mebibytes(available)} of ${mebibytes(machine.memoryBytes)} available`,
      neededFor: `the guest of the uml sandbox (${mebibytes(guestBytes)})`,
    },
  ];
}

const mebibytes = (bytes: number): string =>
  Number.isFinite(bytes) ? `${Math.round(bytes / mebibyte)} MiB` : 'unknown';
