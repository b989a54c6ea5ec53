import { workloads } from '../../../../suites/workloads/index.ts';
import { comparedService } from '../../../../suites/workloads/servers.ts';
import type { Variant } from '../../../model/comparison.ts';
import type { LabSpec } from '../../../model/spec.ts';
import type { WorkloadValue } from '../../../model/workload.ts';
import type { PlannedLab } from '../../../run/compare/plan.ts';
import { canStay } from '../../../run/compare/trial-lab.ts';
import { NotInLab, UsageError } from '../../../util/errors.ts';

/** The labs of a comparison: one for each workload and variant. */
export class ComparedLabs {
  readonly specs: LabSpec[] = [];
  readonly #planned = new Map<string, PlannedLab>();

  /** @throws {UsageError} where a workload cannot be put on a lab. */
  constructor(ids: readonly string[], variants: readonly Variant[], keepWeights: boolean) {
    for (const id of ids)
      for (const { name, spec, direct = false } of variants) {
        this.#planned.set(`${id} ${name}`, { lab: this.specs.length, direct });
        this.specs.push(changed(workloadOf(id), spec, keepWeights));
      }
  }

  at(workload: string, variant: string): PlannedLab {
    const planned = this.#planned.get(`${workload} ${variant}`);
    if (!planned) throw new Error(`no lab for ${variant} under ${workload}`);
    return planned;
  }

  /** Whether one lab serves all variants under that workload. */
  stay(workload: string): boolean {
    const specs = [...this.#planned]
      .filter(([key]) => key.startsWith(`${workload} `))
      .flatMap(([, { lab }]) => this.specs[lab] ?? []);
    return specs.every((spec) => canStay(specs[0] ?? spec, spec));
  }

  /** The real servers behind the compared service, with the weights that hold there. */
  serversOf(workload: string, variant: string): { name: string; weight: number }[] {
    const spec = this.specs[this.at(workload, variant).lab];
    return spec ? comparedService(spec).realServers.map(({ name, weight }) => ({ name, weight })) : [];
  }
}

export function workloadOf(id: string): WorkloadValue {
  const found = workloads.find((workload) => workload.id === id);
  if (!found) throw new UsageError(`this drlab has no workload ${id}, so the comparison cannot be resumed`);
  return found;
}

function changed(workload: WorkloadValue, spec: LabSpec, keepWeights: boolean): LabSpec {
  try {
    return workload.change(spec, keepWeights);
  } catch (error) {
    if (error instanceof NotInLab)
      throw new UsageError(`the workload ${workload.id} cannot run on this lab: ${error.message}`);
    throw error;
  }
}
