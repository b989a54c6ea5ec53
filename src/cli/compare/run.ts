import { join } from 'node:path';
import { machineFacts, toolVersions } from '../../../lab/machine/index.ts';
import {
  type ComparisonPlan,
  type ComparisonRecord,
  comparisonVersion,
  type TrialRecord,
} from '../../model/comparison.ts';
import type { RunEvent } from '../../model/events.ts';
import type { TrialTask, VariantTry } from '../../model/job.ts';
import type { Fidelity } from '../../model/record.ts';
import { mergeHistograms } from '../../probe/histogram.ts';
import { isFinished, journalFile, openJournal, readJournal } from '../../run/compare/journal.ts';
import { segments, tasksOf } from '../../run/compare/plan.ts';
import { comparedWorkloads, exitOfComparison } from '../../run/compare/record.ts';
import { LabUnavailable } from '../../util/errors.ts';
import { type Launched, launch } from '../launch.ts';
import { type BegunComparison, saveBegun } from './begun.ts';
import { type Calibration, calibrationOf, planOf } from './calibrate.ts';
import { ComparedLabs, workloadOf } from './labs.ts';
import { findPlaces, type Place, placeName } from './places.ts';

export interface ComparisonWatcher {
  /** What happens inside, in passing. */
  note(text: string): void;
  /** Told before the plan is made. */
  calibrates(sandbox: string, variants: number): void;
  planned(plan: ComparisonPlan, calibration: Calibration): void;
  begins(task: TrialTask, plan: ComparisonPlan): void;
  ended(trial: TrialRecord, plan: ComparisonPlan, left: number, tookMs: number): void;
}

/** Since the command was given: the budget counts from there. */
const beganMs = performance.now();
/** From starting a world to its first trial. */
const bootMs = 6_000;

/** Measures what is missing of a comparison, until it is complete or the signal is aborted. */
export async function runComparison(
  begun: BegunComparison,
  dir: string,
  watcher: ComparisonWatcher,
  signal: AbortSignal,
): Promise<ComparisonRecord> {
  const found = await findPlaces(begun, watcher.note);
  const { places } = found;
  let now: BegunComparison = { ...begun, variants: found.variants };
  const heard = new Heard();
  const inPlace = async (place: Place, lane: string, tries: VariantTry[], tasks: TrialTask[]) => {
    const launched = await launch({
      job: { kind: 'trials', labs: labs.specs, tries, tasks, again: tries.length === 0, outDir: dir, lane },
      sandbox: begun.sandbox,
      kernel: begun.kernel,
      needs: place.needs,
      choice: place.choice,
      onEvent: (event) => onEvent(event),
      signal,
    });
    heard.launched(place, launched);
    return launched;
  };
  let onEvent = (event: RunEvent): void => {
    if (event.type === 'progress') watcher.note(event.text);
  };
  const labs = new ComparedLabs(now.workloads, now.variants, now.keepWeights);

  if (!now.plan) {
    const sandbox = [...new Set([...places.values()].map(({ choice }) => choice.sandbox.kind))].join(', ');
    watcher.calibrates(sandbox, now.variants.filter((one) => one.unsupported === undefined).length);
    const calibrated = await calibrate(now, labs, places, inPlace);
    now = { ...now, variants: calibrated.variants };
    const measurable = now.variants.filter(({ unsupported }) => unsupported === undefined);
    if (!signal.aborted && measurable.length > 1) {
      const plan = planOf({
        wanted: now.wanted,
        calibration: calibrated.calibration,
        variants: measurable.map(({ name }) => name),
        beforeMs: performance.now() - beganMs + bootMs,
      });
      now = { ...now, plan };
      await saveBegun(dir, now);
      watcher.planned(plan, calibrated.calibration);
    }
  }

  const path = join(dir, journalFile);
  const keep = openJournal(path);
  if (now.plan) {
    const { plan } = now;
    const done = new Set(
      readJournal(path)
        .filter(isFinished)
        .map(({ order }) => order),
    );
    const factorOf = (id: string): number =>
      (plan.rates?.find(({ workload }) => workload === id)?.rateHz ?? 0) / workloadOf(id).rateHz || 1;
    const planned = now.workloads.map((id) => ({
      id,
      trialMs: now.wanted.trialMs ?? workloadOf(id).trialMs,
      factor: factorOf(id),
    }));
    const open = tasksOf(plan, planned, (workload, variant) => labs.at(workload, variant)).filter(
      ({ order }) => !done.has(order),
    );
    let left = open.length;
    onEvent = (event) => {
      if (event.type === 'progress') watcher.note(event.text);
      const task = event.type === 'trial-start' && open.find(({ order }) => order === event.order);
      if (task) watcher.begins(task, plan);
      if (event.type !== 'trial-end') return;
      keep(event.trial);
      if (event.trial.again === undefined) left -= 1;
      watcher.ended(event.trial, plan, left, event.tookMs);
    };
    const placeOf = (variant: string): string =>
      placeName(now.variants.find(({ name }) => name === variant) ?? {});
    for (const tasks of segments(open, ({ variant }) => placeOf(variant))) {
      const place = places.get(placeOf(tasks[0]?.variant ?? ''));
      if (!place || signal.aborted) break;
      const { problem } = await inPlace(place, 'trials', [], tasks);
      if (problem !== undefined) break;
    }
  }
  return assembled(now, labs, readJournal(path), heard, signal.aborted);
}

type InPlace = (place: Place, lane: string, tries: VariantTry[], tasks: TrialTask[]) => Promise<Launched>;

/**
 * Tries every variant's lab once, then measures the base shortly.
 * @throws {LabUnavailable} where the base cannot be had.
 */
async function calibrate(
  { variants, workloads, wanted }: BegunComparison,
  labs: ComparedLabs,
  places: Map<string, Place>,
  inPlace: InPlace,
): Promise<{ variants: BegunComparison['variants']; calibration: Calibration }> {
  const { base } = wanted;
  const [first = ''] = workloads;
  const unsupported = new Map<string, string>();
  const ends: Extract<RunEvent, { type: 'trial-end' }>[] = [];
  const ofBase = placeName(variants.find(({ name }) => name === base) ?? {});
  for (const [name, place] of places) {
    const here = variants.filter((one) => one.unsupported === undefined && placeName(one) === name);
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
    const { events, problem } = await inPlace(place, 'calibration', tries, name === ofBase ? tasks : []);
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
    calibration: calibrationOf(workloads, firstTries(ends), wanted.trialMs),
  };
}

/** What was tried again at the end of the block has the place of its first try. */
function firstTries<T extends { trial: TrialRecord }>(ends: readonly T[]): T[] {
  const byOrder = new Map(ends.map((end) => [end.trial.order, end]));
  return [...byOrder.entries()].sort(([a], [b]) => a - b).map(([, end]) => end);
}

/** What the worlds said about themselves. */
class Heard {
  readonly fidelities = new Map<string, Fidelity>();
  readonly faults: ComparisonRecord['faults'] = [];
  readonly trials = new Map<string, ComparisonRecord['sandboxTrials'][number]>();
  kernel: string | undefined;

  launched(place: Place, { events, problem }: Launched): void {
    for (const trial of place.choice.trials) this.trials.set(trial.sandbox, trial);
    for (const event of events) {
      if (event.type === 'fidelity') this.fidelities.set(place.name, event.fidelity);
      if (event.type === 'hello') this.kernel ??= event.kernel;
      if (event.type === 'fault')
        this.faults.push({ message: event.message, ...(event.hint !== undefined && { hint: event.hint }) });
    }
    if (problem !== undefined)
      this.faults.push({ message: problem, hint: 'raw/console-trials.log has what the guest printed last' });
  }
}

async function assembled(
  begun: BegunComparison,
  labs: ComparedLabs,
  trials: TrialRecord[],
  heard: Heard,
  aborted: boolean,
): Promise<ComparisonRecord> {
  const { id, commandLine, startedAt, drlab, lab, variants } = begun;
  const [machine, versions] = await Promise.all([machineFacts(), toolVersions()]);
  const plan: ComparisonPlan = begun.plan ?? {
    ...{ seed: begun.wanted.seed, base: begun.wanted.base, blocks: 0, fewest: 0, trialMs: 0 },
    ...{ changes: begun.wanted.changes, rates: [], order: [] },
  };
  const finishedAt = new Date().toISOString();
  const workloads = begun.workloads.map((each) => {
    const { title, description, figures } = workloadOf(each);
    return { id: each, title, description, figures };
  });
  const record: ComparisonRecord = {
    version: comparisonVersion,
    command: 'compare',
    id,
    commandLine,
    startedAt,
    finishedAt,
    durationMs: Date.parse(finishedAt) - Date.parse(startedAt),
    drlab,
    machine,
    versions: {
      ...(heard.kernel === undefined ? {} : { 'kernel in the sandbox': heard.kernel }),
      ...versions,
    },
    lab,
    sandboxTrials: [...heard.trials.values()],
    fidelities: [...heard.fidelities].map(([place, fidelity]) => ({
      variants: variants.filter((variant) => placeName(variant) === place).map(({ name }) => name),
      fidelity,
    })),
    plan,
    variants,
    trials,
    workloads: [],
    faults: heard.faults,
    exitCode: 0,
  };
  record.workloads = comparedWorkloads(record, workloads, {
    pooled: mergeHistograms,
    serversOf: (workload, variant) => labs.serversOf(workload, variant),
  });
  record.exitCode = exitOfComparison(record, aborted);
  return record;
}
