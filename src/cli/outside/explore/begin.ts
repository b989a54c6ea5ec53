import type { SandboxChoice } from '../../../../lab/sandbox/index.ts';
import { boundsOf } from '../../../../suites/explore/index.ts';
import type { Bounds, Schedule } from '../../../model/exploration.ts';
import type { FaultKind } from '../../../model/fault.ts';
import type { SandboxName } from '../../../model/kinds.ts';
import { findLab, readLab } from '../../../model/labfile/index.ts';
import { readReplay } from '../../../model/stored/record.ts';
import { scheduleOf } from '../../../run/explore/generate.ts';
import { messageOf, NotInLab, UsageError } from '../../../util/errors.ts';
import { choose, needsOf } from '../launch.ts';
import { usualSeed, virtualChoice } from '../times.ts';
import { fitting } from './options.ts';

export interface ExploreOptions {
  seeds?: number[];
  seed?: number;
  replay?: string;
  lab?: string;
  sandbox: SandboxName;
  kernel?: string;
  time?: 'real' | 'virtual';
  trials: number;
  jobs?: number;
  out?: string;
  json?: boolean;
  quiet?: boolean;
}

export interface BegunExploration {
  labName: string;
  lab: Awaited<ReturnType<typeof readLab>>;
  time: 'real' | 'virtual';
  choice: SandboxChoice;
  /** In virtual time random numbers come from the seed of the schedule. */
  choiceFor: (seed: number) => Promise<SandboxChoice>;
  bounds: Bounds;
  schedules: Schedule[];
}

/**
 * @throws {UsageError} where the command line does not say what to try, or the lab is not one for it.
 * @throws {LabUnavailable} without a kernel for virtual time, with the command that builds one.
 */
export async function beginExploration(options: ExploreOptions): Promise<BegunExploration> {
  const { seeds, seed, replay, sandbox, kernel } = options;
  if ([seeds, seed, replay].filter((one) => one !== undefined).length !== 1)
    throw new UsageError('no schedules given: use one of --seeds, --seed and --replay', {
      hint: 'drlab explore failover --seeds 1..100',
    });
  const file = replay === undefined ? undefined : await readReplay(replay);
  const labName = options.lab ?? file?.lab ?? 'explore';
  const time = options.time ?? file?.time ?? 'virtual';
  const lab = await readLab(await findLab(labName));
  const { spec } = lab;
  let bounds: Bounds;
  try {
    bounds = boundsOf(spec);
  } catch (cause) {
    if (!(cause instanceof NotInLab)) throw cause;
    throw new UsageError(messageOf(cause), { hint: 'the ready-made lab for it: --lab explore', cause });
  }
  const chosen =
    time === 'virtual'
      ? await virtualChoice({ sandbox, kernel, spec }, usualSeed)
      : await choose({ sandbox, kernel, needs: needsOf(spec) });
  const choiceFor = async (of: number) =>
    time === 'virtual' ? virtualChoice({ sandbox, kernel, spec }, of) : chosen;
  // The clock of a shared kernel is the machine's own.
  const own = chosen.sandbox.kind === 'uml' || chosen.sandbox.kind === 'qemu';
  const without: FaultKind[] = own ? [] : ['clockStep'];
  const schedules = file
    ? [fitting(file.schedule, spec)]
    : (seeds ?? [seed ?? usualSeed]).map((one) => scheduleOf(one, { spec, bounds, without }));
  return { labName, lab, time, choice: chosen, choiceFor, bounds, schedules };
}
