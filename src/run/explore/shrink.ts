import type { PlannedFault, Schedule, Shrunk } from '../../model/exploration.ts';

/** Does the schedule to a fresh lab. @returns what was seen where it fails in the same way; undefined where it does not. */
export type Oracle = (schedule: Schedule) => Promise<string | undefined>;

const gridMs = 50;
const leastMs = 250;

/**
 * The shortest schedule that still fails: first without the faults that do not matter, by delta debugging (Zeller and
 * Hildebrandt, «Simplifying and Isolating Failure-Inducing Input», IEEE TSE 28, 2002), then with shorter ones, sooner.
 * @param most trials
 */
export async function shrink(
  schedule: Schedule,
  oracle: Oracle,
  most: number,
): Promise<Pick<Shrunk, 'schedule' | 'seen' | 'trials' | 'reproduced' | 'minimal'>> {
  const search = new Search(oracle, most);
  if (!(await search.fails(schedule)))
    return { schedule, seen: '', trials: search.trials, reproduced: false, minimal: false };
  await search.fewerFaults();
  await search.sooner();
  await search.shorter();
  const { best, seen, trials, exhausted } = search;
  return { schedule: best, seen, trials, reproduced: true, minimal: !exhausted };
}

class Search {
  trials = 0;
  seen = '';
  best: Schedule = { seed: 0, faults: [] };
  exhausted = false;
  readonly #tried = new Set<string>();

  constructor(
    private readonly oracle: Oracle,
    private readonly most: number,
  ) {}

  /** Tries it, unless it was tried before; what fails is the best so far. */
  async fails(schedule: Schedule): Promise<boolean> {
    const key = JSON.stringify(schedule.faults);
    if (this.#tried.has(key)) return false;
    if (this.trials >= this.most) {
      this.exhausted = true;
      return false;
    }
    this.#tried.add(key);
    this.trials++;
    const seen = await this.oracle(schedule);
    if (seen === undefined) return false;
    this.best = schedule;
    this.seen = seen;
    return true;
  }

  #failsWith = (faults: PlannedFault[]): Promise<boolean> => this.fails({ seed: this.best.seed, faults });

  /** Parts, then all but one part, in ever smaller parts. */
  async fewerFaults(): Promise<void> {
    for (let parts = 2; parts <= this.best.faults.length; ) {
      const { faults } = this.best;
      const pieces = split(faults, parts);
      const smaller = [...pieces, ...pieces.map((piece) => faults.filter((one) => !piece.includes(one)))];
      let found = false;
      for (const candidate of smaller) {
        if (candidate.length === 0 || candidate.length === faults.length) continue;
        found = await this.#failsWith(candidate);
        if (found) break;
      }
      if (found) parts = 2;
      else if (parts === faults.length) return;
      else parts = Math.min(faults.length, 2 * parts);
    }
  }

  /** All at once, so that the gaps between them stay. */
  async sooner(): Promise<void> {
    const { faults } = this.best;
    const firstMs = Math.min(...faults.map(({ beginMs }) => beginMs));
    if (firstMs > 0) await this.#failsWith(faults.map((one) => ({ ...one, beginMs: one.beginMs - firstMs })));
  }

  async shorter(): Promise<void> {
    for (let i = 0; i < this.best.faults.length; i++)
      for (const share of [0, 0.25, 0.5, 0.75]) {
        const faults = this.best.faults.map((one, at) => (at === i ? shortened(one, share) : one));
        if (await this.#failsWith(faults)) break;
      }
  }
}

function split<T>(list: readonly T[], parts: number): T[][] {
  const bounds = Array.from({ length: parts + 1 }, (_, i) => Math.round((i * list.length) / parts));
  return Array.from({ length: parts }, (_, i) => list.slice(bounds[i], bounds[i + 1]));
}

function shortened(planned: PlannedFault, share: number): PlannedFault {
  const { fault, durationMs } = planned;
  if (fault.kind === 'flap') {
    const count = Math.max(1, Math.floor(fault.count * share));
    return { ...planned, fault: { ...fault, count }, durationMs: fault.periodMs * count };
  }
  const wanted = Math.max(leastMs, gridMs * Math.round((durationMs * share) / gridMs));
  return { ...planned, durationMs: Math.min(durationMs, wanted) };
}
