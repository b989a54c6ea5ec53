import { createHash } from 'node:crypto';
import type { Fingerprint } from '../model/history.ts';
import type { Fidelity, RunRecord } from '../model/record.ts';

/**
 * Lab, sandbox, kernel and class of machine; where some checks were measured in virtual time, that too: their figures
 * are never on one axis with those of real time. Not the versions of drlab, keepalived and other tools: what changes with
 * them is what a night is to find.
 */
export function fingerprintOf(
  record: Pick<RunRecord, 'lab' | 'fidelity' | 'versions' | 'machine' | 'results'>,
): Fingerprint {
  const { lab, fidelity, versions, machine, results } = record;
  const hash = createHash('sha256')
    .update(JSON.stringify(sorted(lab.spec)))
    .digest('hex');
  return {
    lab: `${lab.spec.name} ${hash.slice(0, 12)}`,
    sandbox: [...new Set([fidelity, ...results.flatMap((one) => one.fidelity ?? [])].map(words))].join(
      ', and ',
    ),
    kernel: versions['kernel in the sandbox'] ?? machine.kernel,
    machine: [machine.cpuModel, cpus(machine.cpus), `about ${memoryGiB(machine.memoryBytes)} GiB`].join(
      ' · ',
    ),
  };
}

const cpus = (count: number): string => `${count} CPU${count === 1 ? '' : 's'}`;

const words = ({ sandbox, time, cpus: count, network }: Fidelity): string =>
  [sandbox, `${time} time`, cpus(count), network].join(' · ');

const parts = ['lab', 'sandbox', 'kernel', 'machine'] as const;

/** Each part that differs, in words; none: the runs are comparable. */
export const differencesOf = (one: Fingerprint, other: Fingerprint): string[] =>
  parts.flatMap((part) =>
    one[part] === other[part] ? [] : [`${part}: «${one[part]}», not «${other[part]}»`],
  );

export const isSame = (one: Fingerprint, other: Fingerprint): boolean =>
  parts.every((part) => one[part] === other[part]);

/** The nearest power of two: kernels keep back a little more or less of the same memory. */
const memoryGiB = (bytes: number): number => 2 ** Math.round(Math.log2(bytes / 2 ** 30));

/** The same value whatever order its keys were written in. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
