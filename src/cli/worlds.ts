import { availableParallelism, freemem } from 'node:os';
import { guestMemoryMiB } from '../../lab/machine/index.ts';
import type { Check } from '../model/check.ts';
import type { Case } from '../model/job.ts';
import type { SandboxKind } from '../model/record.ts';
import type { LabSpec } from '../model/spec.ts';
import { lanesOf } from '../run/lanes.ts';
import { choose, type Launch, type Launched, launch } from './launch.ts';

export interface Worlds extends Omit<Launch, 'job' | 'choice'> {
  cases: Case[];
  checks: readonly Check[];
  outDir: string;
  spec: LabSpec;
  /** How many at once, where the user said so. */
  jobs?: number | undefined;
}

/**
 * Runs cases in several sandboxes side by side, then those that want the machine to themselves, and tells of
 * all of it as if it had been one.
 * @throws {LabUnavailable} when there is no sandbox for this lab.
 */
export async function launchAll(options: Worlds): Promise<Launched> {
  const { cases, checks, outDir, spec, signal } = options;
  const choice = await choose(options);
  options.onChoice?.(choice.trials);
  const { together, alone } = lanesOf(cases, checks, options.jobs ?? sideBySide(choice.sandbox.kind, spec));
  const start = (own: Case[], lane: string): Promise<Launched> =>
    launch({
      ...options,
      choice,
      job: { kind: 'checks', cases: own, outDir, ...(lane !== '' && { lane }) },
    });
  const parts = await Promise.all(together.map((own, i) => start(own, i === 0 ? '' : String(i + 1))));
  const stopped = signal.aborted || parts.some((part) => part.problem !== undefined);
  if (alone.length > 0 && !stopped) parts.push(await start(alone, together.length === 0 ? '' : 'alone'));
  return merged(parts);
}

/** Guests under emulation, containers and machines that exist already are shared by their labs: one at a time there. */
function sideBySide(sandbox: SandboxKind, spec: LabSpec): number {
  if (spec.driver.kind !== 'netns' || (sandbox !== 'uml' && sandbox !== 'host')) return 1;
  const fit = sandbox === 'uml' ? Math.floor(freemem() / (guestMemoryMiB * 2 ** 20)) : mostAtOnce;
  return Math.max(1, Math.min(availableParallelism(), fit, mostAtOnce));
}

/** More worlds than this only wait for the disk. */
const mostAtOnce = 8;

function merged(parts: Launched[]): Launched {
  const [first] = parts;
  if (!first) throw new Error('a run without any case');
  return {
    ...first,
    events: parts.flatMap((part) => part.events),
    problem: parts.find((part) => part.problem !== undefined)?.problem,
  };
}
