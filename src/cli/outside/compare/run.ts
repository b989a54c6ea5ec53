import { join } from 'node:path';
import type { ComparisonPlan, ComparisonRecord, TrialRecord } from '../../../model/comparison.ts';
import type { RunEvent } from '../../../model/events.ts';
import type { TrialTask } from '../../../model/job.ts';
import type { BegunComparison } from '../../../model/state.ts';
import { journalFile, openJournal, readJournal } from '../../../run/compare/journal.ts';
import { segments } from '../../../run/compare/plan.ts';
import { launch } from '../launch.ts';
import { assembled } from './assembled.ts';
import { saveBegun } from './begun.ts';
import { calibrate, type InSandbox } from './calibrate.ts';
import { Heard } from './heard.ts';
import { ComparedLabs } from './labs.ts';
import { findSandboxes, sandboxName } from './sandboxes.ts';
import { type Calibration, planOf } from './sizing.ts';
import { nextTasks, plannedTasks } from './turns.ts';

export interface ComparisonWatcher {
  /** What happens inside, in passing. */
  note(text: string): void;
  /** Told before the plan is made. */
  calibrates(sandbox: string, variants: number): void;
  planned(plan: ComparisonPlan, calibration: Calibration): void;
  ended(trial: TrialRecord, plan: ComparisonPlan, left: number, tookMs: number): void;
}

/** Since the command was given: the budget counts from there. */
const beganMs = performance.now();
/** From starting a sandbox to its first trial. */
const bootMs = 6_000;

/** Measures what is missing of a comparison, until it is complete or the signal is aborted. */
export async function runComparison(
  begun: BegunComparison,
  dir: string,
  watcher: ComparisonWatcher,
  signal: AbortSignal,
): Promise<ComparisonRecord> {
  const found = await findSandboxes(begun, watcher.note);
  const { sandboxes } = found;
  let now: BegunComparison = { ...begun, variants: found.variants };
  const heard = new Heard(begun.heard);
  const inSandbox: InSandbox = async (sandbox, worker, tries, tasks) => {
    const launched = await launch({
      job: { kind: 'trials', labs: labs.specs, tries, tasks, again: tries.length === 0, outDir: dir, worker },
      sandbox: begun.sandbox,
      kernel: begun.kernel,
      needs: sandbox.needs,
      choice: sandbox.choice,
      onEvent: (event) => onEvent(event),
      signal,
    });
    heard.launched(sandbox, launched);
    return launched;
  };
  let onEvent = (event: RunEvent): void => {
    if (event.type === 'progress') watcher.note(event.text);
  };
  const labs = new ComparedLabs(now.workloads, now.variants, now.keepWeights);

  if (!now.plan) {
    const sandbox = [...new Set([...sandboxes.values()].map(({ choice }) => choice.sandbox.kind))].join(', ');
    watcher.calibrates(sandbox, now.variants.filter((one) => one.unsupported === undefined).length);
    const calibrated = await calibrate(now, labs, sandboxes, inSandbox);
    now = { ...now, variants: calibrated.variants };
    const measurable = now.variants.filter(({ unsupported }) => unsupported === undefined);
    if (!signal.aborted && measurable.length > 1) {
      const plan = planOf({
        wanted: now.wanted,
        calibration: calibrated.calibration,
        variants: measurable.map(({ name }) => name),
        beforeMs: performance.now() - beganMs + bootMs,
      });
      now = { ...now, plan, heard: { kernel: heard.kernel, fidelities: [...heard.fidelities] } };
      await saveBegun(dir, now);
      watcher.planned(plan, calibrated.calibration);
    }
  }

  const path = join(dir, journalFile);
  const keep = openJournal(path);
  // Of a comparison that goes on, what was measured before counts towards the budget.
  const earlierMs = readJournal(path).reduce((sum, { durationMs }) => sum + durationMs, 0);
  if (now.plan) {
    const { plan } = now;
    const tasks = plannedTasks(now, plan, labs);
    const sandboxOf = (variant: string): string =>
      sandboxName(now.variants.find(({ name }) => name === variant) ?? {});
    const measure = async (turn: TrialTask[]): Promise<boolean> => {
      let left = turn.length;
      onEvent = (event) => {
        if (event.type === 'progress') watcher.note(event.text);
        if (event.type !== 'trial-end') return;
        keep(event.trial);
        if (event.trial.again === undefined) left -= 1;
        watcher.ended(event.trial, plan, left, event.tookMs);
      };
      for (const here of segments(turn, ({ variant }) => sandboxOf(variant))) {
        const sandbox = sandboxes.get(sandboxOf(here[0]?.variant ?? ''));
        if (!sandbox || signal.aborted) return false;
        const { problem } = await inSandbox(sandbox, 'trials', [], here);
        if (problem !== undefined) return false;
      }
      return true;
    };
    const next = () =>
      nextTasks(now, plan, tasks, readJournal(path), earlierMs + performance.now() - beganMs);
    for (let turn = next(); turn.length > 0; turn = next()) {
      if (!(await measure(turn))) break;
    }
  }
  return assembled(now, labs, readJournal(path), heard, signal.aborted);
}
