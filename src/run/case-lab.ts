import { type Capability, capabilities } from '../model/capabilities.ts';
import type { Check } from '../model/check.ts';
import type { Case } from '../model/job.ts';
import type { Lab } from '../model/lab.ts';
import type { CheckResult, HostProvenance } from '../model/record.ts';
import type { LabSpec } from '../model/spec.ts';
import { CannotHere, LabUnavailable, messageOf, StepFailed } from '../util/errors.ts';
import { explanation, notJudged, refutedIn, unjudged } from './because.ts';
import { runCheck, unsupportedIn, withoutLab } from './check.ts';
import type { Emit } from './emit.ts';
import { caseName, evidenceFolder } from './purpose.ts';

export interface Workshop {
  checks: readonly Check[];
  buildLab: (spec: LabSpec, options: { progress: (text: string) => void }) => Promise<Lab>;
  provenance: (lab: Lab) => Promise<HostProvenance[]>;
  runDir: string;
  emit: Emit;
}

/** What is known of the driver so far. One that refuses the first lab of a job is not asked again; nor where a hook fails in that. */
export interface BuildState {
  built: boolean;
  refused: boolean;
  /** Of the lab under test. */
  found: CheckResult[];
}

/** What another sandbox would not find either, whichever clock it has. */
const lacking = (lab: Lab): [Capability, string][] =>
  (Object.keys(capabilities) as Capability[])
    .filter((one) => one !== 'realTime' && one !== 'virtualTime')
    .flatMap((one): [Capability, string][] => {
      const why = lab.lacks(one);
      return why === undefined ? [] : [[one, why]];
    });

/** The lab of one case: built fresh at first and after every check that disturbs it. */
export class CaseLab {
  #lab: Lab | undefined;
  #whyNoLab = 'the lab was not built';
  /** What the lab needs and cannot have here. */
  #cannot: string | undefined;
  #failures = 0;
  #unconfigured = false;
  #used = false;
  #told = false;
  readonly #case: Case;
  readonly #tellsProvenance: boolean;
  readonly #workshop: Workshop;
  readonly #state: BuildState;

  constructor(one: Case, tellsProvenance: boolean, workshop: Workshop, state: BuildState) {
    this.#case = one;
    this.#tellsProvenance = tellsProvenance;
    this.#workshop = workshop;
    this.#state = state;
  }

  /** A hook failed: there is no lab, nor will there be. */
  get unconfigured(): boolean {
    return this.#unconfigured;
  }

  async freshLab(): Promise<void> {
    const { emit, buildLab, provenance } = this.#workshop;
    await this.takeDown();
    const start = performance.now();
    try {
      const lab = await buildLab(this.#case.spec, { progress: (text) => emit({ type: 'progress', text }) });
      this.#lab = lab;
      this.#state.built = true;
      this.#used = false;
      const tookMs = Math.round(performance.now() - start);
      const hosts = this.#tellsProvenance && !this.#told ? await provenance(lab) : [];
      this.#told = true;
      const lacks = Object.fromEntries(lacking(lab));
      emit({ type: 'lab-up', case: caseName(this.#case), tookMs, lacks, configs: lab.configs, hosts });
      if (lab.unsettled !== undefined && !this.#isBroken)
        emit({ type: 'unsettled', case: caseName(this.#case), lacks: lab.unsettled });
    } catch (error) {
      if (error instanceof StepFailed) {
        this.#unconfigured = true;
        this.#state.refused = !this.#state.built;
        this.#tellHook(error);
        return;
      }
      this.#failures++;
      this.#whyNoLab = `the lab could not be built: ${messageOf(error)}`;
      emit({ type: 'progress', text: this.#whyNoLab });
      if (error instanceof CannotHere) this.#cannot = error.message;
      if (error instanceof LabUnavailable) {
        this.#state.refused = !this.#state.built;
        const { message, hint } = error;
        emit({
          type: 'unavailable',
          case: caseName(this.#case),
          message,
          ...(hint !== undefined && { hint }),
        });
      }
    }
  }

  /**
   * Runs a check. What could not be measured is tried once more on a fresh lab: an instrument that was late says
   * nothing about the lab. Whatever has a verdict keeps it.
   * @returns undefined where a hook left the lab unconfigured.
   */
  async run(check: Check, last: boolean): Promise<CheckResult | undefined> {
    const meaningless = this.#notJudged(check);
    if (meaningless) return meaningless;
    const result = await this.#judge(check, last);
    if (result && this.#isRun) this.#state.found.push(result);
    return result;
  }

  async #judge(check: Check, last: boolean): Promise<CheckResult | undefined> {
    const result = await this.#attempt(check);
    if (!result) return undefined;
    if (result.verdict === 'inconclusive' && !this.#isBeside(check) && !this.#isExplained(check, result)) {
      const text = `${check.id} could not be measured (${result.reason}); repeated on a fresh lab`;
      this.#workshop.emit({ type: 'progress', text });
      await this.takeDown();
      const again = await this.#attempt(check);
      if (!again) return undefined;
      return { ...(await this.#finish(check, last, again)), triedAgain: result.reason ?? '' };
    }
    return this.#finish(check, last, result);
  }

  /** A lab that was broken on purpose is asked all that it can say. */
  #notJudged(check: Check): CheckResult | undefined {
    if (!this.#isRun || this.#isUnsupported(check)) return undefined;
    return notJudged(check, refutedIn(this.#state.found), this.#case.spec);
  }

  /** A fresh lab would have the same fault. */
  #isExplained(check: Check, result: CheckResult): boolean {
    return explanation(check, result, refutedIn(this.#state.found), this.#case.spec) !== undefined;
  }

  #tellHook({ place, what: message, hint }: StepFailed): void {
    const { emit } = this.#workshop;
    emit({
      type: 'hook-failed',
      case: caseName(this.#case),
      place,
      message,
      ...(hint !== undefined && { hint }),
    });
  }

  /** Asked in a lab that was broken for another check, where much cannot be measured. */
  #isBeside = (check: Check): boolean => this.#isBroken && this.#case.checks[0] !== check.id;

  /** It is the lab under test, or derived from it. */
  get #isRun(): boolean {
    const { purpose } = this.#case;
    return purpose.kind === 'unbroken' && purpose.when === 'run';
  }

  /** On purpose, by a mutant. */
  get #isBroken(): boolean {
    return this.#case.purpose.kind === 'mutant';
  }

  async #finish(check: Check, last: boolean, result: CheckResult): Promise<CheckResult> {
    const spoilt =
      result.verdict === 'broken' || (check.disturbs === true && result.verdict !== 'unsupported');
    if (spoilt && !last) await this.takeDown();
    return result;
  }

  async #attempt(check: Check): Promise<CheckResult | undefined> {
    // Leftovers in a connection table decide where a reused port goes, so a fault starts on an empty one.
    if (this.#case.impossible !== undefined) return withoutLab(check, this.#case.impossible, 'unsupported');
    if (check.disturbs && this.#used && !this.#isUnsupported(check)) await this.takeDown();
    const hopeless = this.#unconfigured || this.#cannot !== undefined || this.#failures >= 2;
    if (!this.#lab && !hopeless) await this.freshLab();
    if (this.#unconfigured) return undefined;
    if (!this.#lab && this.#cannot !== undefined) return withoutLab(check, this.#cannot, 'unsupported');
    if (!this.#lab) return withoutLab(check, this.#whyNoLab);
    const { runDir, emit } = this.#workshop;
    const note = (text: string) => emit({ type: 'progress', text });
    this.#used = true;
    const unjudgedOf = (spec: LabSpec) => unjudged(check, refutedIn(this.#state.found), spec);
    return runCheck(check, {
      ...{ lab: this.#lab, runDir, folder: this.#folderOf(check), note },
      ...(this.#isRun && { unjudged: unjudgedOf }),
    });
  }

  /** The matrix has the verdicts of those that are asked beside a mutant's own check, and nothing else of them. */
  #folderOf(check: Check): string | undefined {
    return this.#isBeside(check) ? undefined : evidenceFolder(this.#case.purpose, check.id);
  }

  #isUnsupported(check: Check): boolean {
    const lab = this.#lab;
    return lab !== undefined && unsupportedIn(check, lab.spec, (need) => lab.lacks(need)) !== undefined;
  }

  async takeDown(): Promise<void> {
    const lab = this.#lab;
    if (!lab) return;
    this.#lab = undefined;
    const start = performance.now();
    try {
      await lab[Symbol.asyncDispose]();
    } catch (error) {
      if (error instanceof StepFailed) this.#tellHook(error);
      else this.#workshop.emit({ type: 'progress', text: `taking the lab down: ${messageOf(error)}` });
    }
    const tookMs = Math.round(performance.now() - start);
    this.#workshop.emit({ type: 'lab-down', case: caseName(this.#case), tookMs });
  }
}
