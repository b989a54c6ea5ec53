import type { Check } from '../../model/check.ts';
import type { RunEvent } from '../../model/events.ts';
import type { Case } from '../../model/job.ts';
import type { CheckResult } from '../../model/record.ts';
import type { LabSpec } from '../../model/spec.ts';
import { explanation, notJudged, presumesAny, type Refuted, refutedIn } from '../../run/because.ts';
import { unsupportedIn, withoutLab } from '../../run/check.ts';
import { caseName } from '../../run/purpose.ts';

/** What one sandbox found of the lab as written, so that others need not run into it again. */
export class Findings {
  /** What no sandbox told, since none was asked. */
  readonly notJudged: RunEvent[] = [];
  readonly #results: CheckResult[] = [];
  readonly #byId: Map<string, Check>;
  readonly #spec: LabSpec;
  /** Checks that establish what others presume, and have not ended. */
  readonly #awaited: Set<string>;
  /** Of the cases of the lab under test. */
  readonly #names: Set<string>;
  #lacks: Record<string, string> = {};
  #begun = false;
  #settle = (): void => {};
  readonly #settled: Promise<void>;

  constructor(cases: readonly Case[], checks: readonly Check[], spec: LabSpec) {
    this.#spec = spec;
    this.#names = new Set(cases.filter(isRun).map(caseName));
    this.#byId = new Map(checks.map((check) => [check.id, check]));
    const asked = this.#asked(cases);
    this.#awaited = new Set(
      asked.filter(({ establishes, stage }) => establishes && !stage).map(({ id }) => id),
    );
    this.#settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  #asked(cases: readonly Case[]): Check[] {
    return cases.filter(isRun).flatMap((one) => one.checks.flatMap((id) => this.#byId.get(id) ?? []));
  }

  /** These have the checks that others depend on: they go first. */
  leads(cases: readonly Case[]): boolean {
    return this.#asked(cases).some(({ id }) => this.#awaited.has(id));
  }

  /** These depend on what other cases establish: they go last. */
  depends = (cases: readonly Case[]): boolean => !this.leads(cases) && this.#asked(cases).some(presumesAny);

  /** Until this work is done, what depends on it may wait for it. */
  async during<T>(cases: readonly Case[], work: () => Promise<T>): Promise<T> {
    const leads = this.leads(cases);
    this.#begun ||= leads;
    return work().finally(() => {
      if (leads) this.#settle();
    });
  }

  /** Waits for what the cases depend on; tells which of their checks are not judged because of it, and returns the others. */
  async meaningful(cases: readonly Case[], tell: (event: RunEvent) => void): Promise<Case[]> {
    if (this.#begun && this.depends(cases)) await this.#settled;
    const refuted = refutedIn(this.#results);
    const left = cases.map((one) => {
      if (!isRun(one) || one.impossible !== undefined) return one;
      const results = this.#asked([one]).flatMap((check) => this.#withoutLab(check, refuted) ?? []);
      for (const result of results) {
        const event = { type: 'check-end', case: caseName(one), result } as const;
        this.notJudged.push(event);
        tell(event);
      }
      return { ...one, checks: one.checks.filter((id) => results.every((result) => result.id !== id)) };
    });
    return left.filter((one) => one.checks.length > 0);
  }

  /** What is unsupported stays so, whatever is wrong. */
  #withoutLab(check: Check, refuted: readonly Refuted[]): CheckResult | undefined {
    const result = notJudged(check, refuted, this.#spec);
    const lacking = result && unsupportedIn(check, this.#spec, (need) => this.#lacks[need]);
    return lacking === undefined ? result : withoutLab(check, lacking, 'unsupported');
  }

  /** Keeps what is told, and says of a finding from which other one it follows. */
  hear(event: RunEvent): RunEvent {
    if (event.type === 'lab-up' && event.case === 'run') this.#lacks = event.lacks ?? {};
    if (event.type !== 'check-end' || !this.#names.has(event.case)) return event;
    const { result } = event;
    this.#results.push(result);
    this.#awaited.delete(result.id);
    if (this.#awaited.size === 0) this.#settle();
    const check = this.#byId.get(result.id);
    const because = check && explanation(check, result, refutedIn(this.#results), this.#spec);
    return because ? { ...event, result: { ...result, because } } : event;
  }
}

const isRun = ({ purpose }: Case): boolean => purpose.kind === 'unbroken' && purpose.when === 'run';
