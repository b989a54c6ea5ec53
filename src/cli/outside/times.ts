import { driverOf } from '../../../lab/drivers.ts';
import { kernelForVirtualTime } from '../../../lab/kernel/index.ts';
import { missingPrograms, type SandboxChoice, virtualTimeSandbox } from '../../../lab/sandbox/index.ts';
import type { Check } from '../../model/check.ts';
import type { Case } from '../../model/job.ts';
import type { SandboxKind } from '../../model/record.ts';
import type { LabSpec } from '../../model/spec.ts';
import { clockOf, firstCheck } from '../../run/scheduling.ts';
import { DrlabError, LabUnavailable, UsageError } from '../../util/errors.ts';
import { type Launch, needsOf } from './launch.ts';

/**
 * What a user may ask for. `auto`, where a kernel for virtual time has been built: virtual for what waits for timers, and
 * for all that looks at behaviour where the lab would be in User-Mode Linux anyway.
 */
export const timeNames = ['auto', 'real', 'virtual'] as const;
export type TimeName = (typeof timeNames)[number];

/** Taken where the user names none, so that runs are alike unless somebody wants them to differ. */
export const usualSeed = 1;

/** The cases of a run that are in virtual time, and where. */
export interface VirtualPart {
  choice: SandboxChoice;
  cases: Case[];
  seed: number;
}

/** What is to run, and in which time. */
export interface Timed extends Pick<Launch, 'sandbox' | 'kernel' | 'seed'> {
  cases: Case[];
  checks: readonly Check[];
  spec: LabSpec;
  /** Default: real. */
  time?: TimeName | undefined;
}

/**
 * Which cases go to virtual time; undefined when all are in real time.
 * @param real where the others would be, as far as that is known
 * @throws {UsageError} where virtual time was asked for together with what excludes it.
 * @throws {LabUnavailable} where it was asked for and there is no kernel for it, with the command that builds one.
 */
export async function virtualPart(asked: Timed, real?: SandboxKind): Promise<VirtualPart | undefined> {
  const { time = 'real', seed = usualSeed } = asked;
  if (time === 'real') return undefined;
  const cases = time === 'virtual' ? asked.cases : suitable(asked, real);
  if (cases.length === 0) return undefined;
  try {
    return { choice: await virtualChoice(asked, seed), cases, seed };
  } catch (error) {
    if (time === 'auto' && error instanceof DrlabError) return undefined;
    throw error;
  }
}

function suitable({ cases, checks }: Timed, real: SandboxKind | undefined): Case[] {
  return cases.filter((one) => {
    const check = firstCheck(one, checks);
    const clock = check && clockOf(check);
    return clock === 'virtual' || (clock === 'either' && real === 'uml');
  });
}

/** @throws as `virtualPart` does. */
export async function virtualChoice(
  { sandbox, kernel, spec }: Pick<Timed, 'sandbox' | 'kernel' | 'spec'>,
  seed: number,
): Promise<SandboxChoice> {
  if (sandbox !== 'auto' && sandbox !== 'uml')
    throw new UsageError(`the ${sandbox} sandbox has no virtual time`, {
      hint: '--sandbox uml --time virtual',
    });
  if (kernel !== undefined)
    throw new UsageError('--kernel is for the qemu sandbox, which has no virtual time');
  if (!driverOf(spec).virtualTime)
    throw new LabUnavailable(`a lab with driver ${spec.driver.kind} has no virtual time`);
  const built = await kernelForVirtualTime();
  if ('none' in built)
    throw new LabUnavailable(`no virtual time: ${built.none}`, { hint: 'drlab kernel build' });
  const place = virtualTimeSandbox(built, seed);
  const { ok, why, install } = (await missingPrograms(needsOf(spec))) ?? (await place.attempt(needsOf(spec)));
  if (!ok)
    throw new LabUnavailable(`no virtual time: ${why}`, install === undefined ? {} : { hint: install });
  return { sandbox: place, trials: [{ sandbox: place.kind, taken: true, why }] };
}
