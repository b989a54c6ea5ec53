import { isDeepStrictEqual } from 'node:util';
import { isSetByHand } from '../../model/director-kinds.ts';
import { driverTraitsOf } from '../../model/driver-traits.ts';
import type { Lab } from '../../model/lab.ts';
import type { LabSpec } from '../../model/spec.ts';
import { messageOf } from '../../util/errors.ts';

export interface CompareWorkshop {
  buildLab(spec: LabSpec): Promise<Lab>;
  /**
   * Brings a standing lab to the beginning: the director's rules as in `to`, no connection left.
   * @throws where that does not take effect; the lab is built again then.
   */
  reset(lab: Lab, to: LabSpec): Promise<void>;
  note(text: string): void;
}

/** The one lab that trials are measured in: it stays where only its scheduler changes, and is built again otherwise. */
export class TrialLab {
  #standing: { lab: Lab; spec: LabSpec } | undefined;

  constructor(private readonly workshop: CompareWorkshop) {}

  /** @throws as `buildLab` does. */
  async ready(spec: LabSpec): Promise<Lab> {
    const standing = this.#standing;
    if (standing && canStay(standing.spec, spec)) {
      try {
        await this.workshop.reset(standing.lab, spec);
        this.#standing = { lab: standing.lab, spec };
        return standing.lab;
      } catch (error) {
        this.workshop.note(`the lab is built again: ${messageOf(error)}`);
      }
    }
    await this.takeDown();
    const lab = await this.workshop.buildLab(spec);
    this.#standing = { lab, spec };
    return lab;
  }

  async takeDown(): Promise<void> {
    const standing = this.#standing;
    this.#standing = undefined;
    try {
      await standing?.lab[Symbol.asyncDispose]();
    } catch (error) {
      this.workshop.note(`taking the lab down: ${messageOf(error)}`);
    }
  }
}

/** Whether nothing but schedulers differs, of a director whose rules can be set by hand. */
export function canStay(standing: LabSpec, next: LabSpec): boolean {
  if (!isSetByHand(standing.director.kind) || driverTraitsOf(standing).existingHosts) return false;
  return isDeepStrictEqual(unscheduled(standing), unscheduled(next));
}

const unscheduled = (spec: LabSpec): LabSpec => ({
  ...spec,
  services: spec.services.map(({ schedulerFlags: _, ...service }) => ({ ...service, scheduler: '' })),
});
