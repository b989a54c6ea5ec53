import type { Check } from '../model/check.ts';
import type { Case } from '../model/job.ts';
import type { CheckResult } from '../model/record.ts';
import { type BuildState, CaseLab, type Workshop } from './case-lab.ts';
import { judgedIn } from './own.ts';
import { caseName } from './purpose.ts';

/** One case, step by step; tells what happens by events. */
export class Play {
  readonly #lab: CaseLab;
  readonly #case: Case;
  readonly #workshop: Workshop;
  readonly #state: BuildState;

  constructor(one: Case, first: boolean, workshop: Workshop, state: BuildState) {
    this.#lab = new CaseLab(one, first, workshop, state);
    this.#case = one;
    this.#workshop = workshop;
    this.#state = state;
  }

  async begin(): Promise<void> {
    if (this.#state.refused) return;
    this.#workshop.emit({ type: 'case-start', case: caseName(this.#case), checks: this.#case.checks });
    if (this.#case.impossible === undefined) await this.#lab.freshLab();
  }

  /** @returns undefined where the driver builds no labs here, or a hook left this one unconfigured. */
  async run(check: Check): Promise<CheckResult | undefined> {
    if (this.#state.refused || this.#lab.unconfigured) return undefined;
    const { emit } = this.#workshop;
    const { checks } = this.#case;
    const name = caseName(this.#case);
    emit({ type: 'check-start', case: name, id: check.id, title: check.title });
    const result = await this.#lab.run(check, check.id === checks.at(-1));
    if (result) emit({ type: 'check-end', case: name, result });
    return result;
  }

  end(): Promise<void> {
    return this.#lab.takeDown();
  }
}

/** @throws Error for an ID that no check has. */
export const checksOf = ({ checks, spec, impossible }: Case, workshop: Workshop): Check[] =>
  checks.map((id) => {
    const check = workshop.checks.find((candidate) => candidate.id === id);
    if (!check) throw new Error(`no check ${id}`);
    return impossible === undefined ? judgedIn(spec, check) : check;
  });

/**
 * For virtual time: plays cases one after the other, without vitest, whose start is several times the work of a check where starting
 * programs is what costs. Each check ends by its own limit; what hangs otherwise is for the caller to end.
 */
export async function playAll(
  cases: readonly Case[],
  workshop: Workshop,
  provenanceOf = cases[0] && caseName(cases[0]),
): Promise<void> {
  const state: BuildState = { built: false, refused: false, found: [] };
  for (const one of cases) {
    const name = caseName(one);
    const play = new Play(one, name === provenanceOf, workshop, state);
    const startMs = performance.now();
    await play.begin();
    for (const check of checksOf(one, workshop)) await play.run(check);
    await play.end();
    const simulatedMs = Math.round(performance.now() - startMs);
    workshop.emit({ type: 'case-end', case: name, simulatedMs });
  }
}
