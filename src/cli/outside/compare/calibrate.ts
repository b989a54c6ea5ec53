import type { RunEvent } from '../../../model/events.ts';
import type { TrialTask, VariantTry } from '../../../model/job.ts';
import type { BegunComparison } from '../../../model/state.ts';
import { LabUnavailable } from '../../../util/errors.ts';
import type { Launched } from '../launch.ts';
import { type ComparedLabs, workloadOf } from './labs.ts';
import { sandboxName, type VariantSandbox } from './sandboxes.ts';
import { type Calibration, calibrationOf } from './sizing.ts';

/** Does that in a sandbox of its own. */
export type InSandbox = (
  sandbox: VariantSandbox,
  worker: string,
  tries: VariantTry[],
  tasks: TrialTask[],
) => Promise<Launched>;

/**
 * Tries every variant's lab once, then measures the base shortly.
 * @throws {LabUnavailable} if the base is unavailable.
 */
export async function calibrate(
  { variants, workloads, wanted }: BegunComparison,
  labs: ComparedLabs,
  sandboxes: Map<string, VariantSandbox>,
  inSandbox: InSandbox,
): Promise<{ variants: BegunComparison['variants']; calibration: Calibration }> {
  const { base } = wanted;
  const [first = ''] = workloads;
  const unsupported = new Map<string, string>();
  const ends: Extract<RunEvent, { type: 'trial-end' }>[] = [];
  const sandboxesMs: number[] = [];
  const ofBase = sandboxName(variants.find(({ name }) => name === base) ?? {});
  for (const [name, sandbox] of sandboxes) {
    const here = variants.filter((one) => one.unsupported === undefined && sandboxName(one) === name);
    const tries = here.map((variant) => ({ variant: variant.name, lab: labs.at(first, variant.name).lab }));
    const tasks = [first, ...workloads].map(
      (workload, order): TrialTask => ({
        workload,
        variant: base,
        control: false,
        block: 0,
        order,
        trialMs: wanted.trialMs ?? workloadOf(workload).trialMs,
        factor: 1,
        seed: wanted.seed,
        ...labs.at(workload, base),
      }),
    );
    const start = performance.now();
    const { events, problem } = await inSandbox(sandbox, 'calibration', tries, name === ofBase ? tasks : []);
    const inside = events.map((event) => ('tookMs' in event ? Number(event.tookMs) : 0));
    sandboxesMs.push(performance.now() - start - inside.reduce((sum, ms) => sum + ms, 0));
    for (const event of events) {
      if (event.type === 'variant-tried' && event.unsupported !== undefined)
        unsupported.set(event.variant, event.unsupported);
      if (event.type === 'trial-end') ends.push(event);
    }
    if (problem !== undefined && problem !== 'interrupted')
      for (const { variant } of tries)
        if (!events.some((e) => e.type === 'variant-tried' && e.variant === variant))
          unsupported.set(variant, problem);
  }
  const why = unsupported.get(base);
  if (why !== undefined) throw new LabUnavailable(`the base ${base} cannot be measured: ${why}`);
  return {
    variants: variants.map((variant) => {
      const reason = unsupported.get(variant.name);
      return reason === undefined ? variant : { ...variant, unsupported: reason };
    }),
    calibration: calibrationOf({
      ids: workloads,
      ends,
      trialMs: wanted.trialMs,
      stays: sandboxes.size === 1 && labs.stay(first),
      sandboxMs: sandboxes.size === 1 ? 0 : Math.max(0, ...sandboxesMs),
    }),
  };
}
