import type { SandboxChoice } from '../../../../lab/sandbox/index.ts';
import type { RunEvent } from '../../../model/events.ts';
import type {
  ExplorationRecord,
  InvariantId,
  Schedule,
  ScheduleOutcome,
  Shrunk,
} from '../../../model/exploration.ts';
import type { ScheduleTask } from '../../../model/job.ts';
import type { SandboxName } from '../../../model/kinds.ts';
import type { LabSpec } from '../../../model/spec.ts';
import { toShrink } from '../../../run/explore/record.ts';
import { type Launched, launch, needsOf } from '../launch.ts';
import { refuseWrong } from '../wrong.ts';

export interface Exploring {
  spec: LabSpec;
  /** For messages. */
  labFile: string;
  sandbox: SandboxName;
  /** The sandbox in which a schedule with this seed is tried. */
  choiceFor: (seed: number) => Promise<SandboxChoice>;
  time: 'real' | 'virtual';
  schedules: Schedule[];
  /** Most trials for making one schedule shorter; 0: none is made shorter. */
  trials: number;
  /** Sandboxes side by side. */
  jobs: number;
  outDir: string;
  signal: AbortSignal;
}

export interface ExplorationWatcher {
  begins(seed: number): void;
  ended(outcome: ScheduleOutcome, left: number, tookMs: number): void;
  shrinks(seed: number, invariant: InvariantId, faults: number): void;
  tried(event: Extract<RunEvent, { type: 'shrink-trial' }>): void;
}

export type Explored = Pick<ExplorationRecord, 'outcomes' | 'shrunk' | 'faults' | 'fidelity'>;

/** In real time several schedules share a sandbox, since starting one takes seconds. */
const perSandbox = 10;

/**
 * Tries all schedules, then makes one shorter for each invariant that failed. In virtual time each schedule has a
 * sandbox of its own, and its seed: what happens in it depends on nothing that was tried before, so it can be replayed.
 * @throws {LabFileError} where a hook fails while it configures the lab.
 */
export async function explore(what: Exploring, watcher: ExplorationWatcher): Promise<Explored> {
  const explored: Explored = { outcomes: [], shrunk: [], faults: [] };
  let sandboxes = 0;
  const inSandbox = async (tasks: ScheduleTask[], onEvent: (event: RunEvent) => void): Promise<Launched> => {
    const { spec, sandbox, choiceFor, outDir, signal, time } = what;
    const seed = tasks[0]?.schedule.seed ?? 0;
    sandboxes += 1;
    const launched = await launch({
      job: { kind: 'explore', spec, tasks, outDir, worker: `explore-${sandboxes}` },
      sandbox,
      choice: await choiceFor(seed),
      needs: needsOf(spec),
      ...(time === 'virtual' && { seed }),
      onEvent,
      signal,
    });
    for (const event of launched.events) {
      if (event.type === 'fidelity') explored.fidelity ??= event.fidelity;
      if (event.type === 'fault' && !explored.faults.some(({ message }) => message === event.message))
        explored.faults.push({ message: event.message });
    }
    refuseWrong(launched.events, what.labFile);
    return launched;
  };

  let left = what.schedules.length;
  const size = what.time === 'virtual' ? 1 : Math.min(perSandbox, Math.ceil(left / what.jobs));
  await sideBySide(batches(what.schedules, size), what, async (batch) => {
    let sinceMs = performance.now();
    const open = new Set(batch);
    const end = (outcome: ScheduleOutcome): void => {
      const own = [...open].find(({ seed }) => seed === outcome.schedule.seed);
      if (own) open.delete(own);
      left -= 1;
      explored.outcomes.push(outcome);
      watcher.ended(outcome, left, performance.now() - sinceMs);
      sinceMs = performance.now();
    };
    const { problem, events } = await inSandbox(
      batch.map((schedule) => ({ schedule })),
      (event) => {
        if (event.type === 'schedule-start') watcher.begins(event.seed);
        if (event.type === 'schedule-end') end(event.outcome);
      },
    );
    if (what.signal.aborted) return;
    const why =
      problem ?? events.find((event) => event.type === 'fault')?.message ?? 'the sandbox reported nothing';
    for (const schedule of [...open]) end({ schedule, findings: [], broken: why });
  });

  const wanted = what.trials > 0 ? toShrink(explored.outcomes) : [];
  await sideBySide(wanted, what, async ({ schedule, invariant }) => {
    watcher.shrinks(schedule.seed, invariant, schedule.faults.length);
    await inSandbox([{ schedule, shrink: { invariant, trials: what.trials } }], (event) => {
      if (event.type === 'shrink-trial') watcher.tried(event);
      if (event.type === 'shrink-end') explored.shrunk.push(event.shrunk);
    });
  });
  return { ...explored, outcomes: bySeed(explored.outcomes), shrunk: shrunkBySeed(explored.shrunk) };
}

/** Works through the list, so many at a time. */
async function sideBySide<T>(
  list: readonly T[],
  { jobs, signal }: Pick<Exploring, 'jobs' | 'signal'>,
  work: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = [...list];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift())
      await work(next);
  };
  await Promise.all(Array.from({ length: Math.min(jobs, list.length) }, worker));
}

function batches<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}

const bySeed = (outcomes: ScheduleOutcome[]): ScheduleOutcome[] =>
  outcomes.toSorted((a, b) => a.schedule.seed - b.schedule.seed);

const shrunkBySeed = (shrunk: Shrunk[]): Shrunk[] => shrunk.toSorted((a, b) => a.seed - b.seed);
