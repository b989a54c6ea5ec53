import { availableParallelism, freemem } from 'node:os';
import { driverOf } from '../../../lab/drivers.ts';
import { guestMemoryMiB } from '../../../lab/machine/index.ts';
import type { SandboxChoice } from '../../../lab/sandbox/index.ts';
import { capabilities } from '../../model/capabilities.ts';
import type { Check } from '../../model/check.ts';
import type { RunEvent } from '../../model/events.ts';
import type { Case } from '../../model/job.ts';
import type { Fidelity, SandboxKind } from '../../model/record.ts';
import type { LabSpec } from '../../model/spec.ts';
import { caseName } from '../../run/purpose.ts';
import { firstCheck, takesHours, waitsForTimers } from '../../run/scheduling.ts';
import { phasesOf, queueOf, type Worker } from '../../run/workers.ts';
import { Findings } from './findings.ts';
import { choose, type Launch, type Launched, launch } from './launch.ts';
import { type Timed, type VirtualPart, virtualPart } from './times.ts';

export interface LaunchAll extends Omit<Launch, 'job' | 'choice'>, Timed {
  outDir: string;
  /** How many at once, where the user said so. */
  jobs?: number | undefined;
}

interface Following extends LaunchAll {
  findings: Findings;
}

/**
 * Runs cases in several sandboxes side by side, then those that want the machine to themselves, and tells of
 * all of it as if it had been one.
 * @throws {LabUnavailable} when there is no sandbox for this lab.
 */
export async function launchAll(given: LaunchAll): Promise<Launched> {
  const findings = new Findings(given.cases, given.checks, given.spec);
  const options: Following = {
    ...given,
    findings,
    onEvent: (event) => given.onEvent(findings.hear(event)),
  };
  const ask = options.time === 'auto' && !options.cases.every((one) => waits(one, options.checks));
  let choice = ask ? await choose(options) : undefined;
  const virtual = await virtualPart(options, choice?.sandbox.kind);
  const cases = options.cases.filter((one) => !virtual?.cases.includes(one));
  if (cases.length > 0 || !virtual) choice ??= await choose(options);
  else choice = undefined;
  const trials = [...(choice?.trials ?? []), ...(virtual?.choice.trials ?? [])];
  options.onChoice?.(trials);
  const parts = { real: [] as Launched[], virtual: [] as Launched[] };
  const stopped = (): boolean =>
    parts.real.some(({ problem }) => problem !== undefined) ||
    (options.signal.aborted && parts.real.length + parts.virtual.length > 0);
  const inReal = async (phases: Worker[][]): Promise<void> => {
    for (const workers of phases) {
      if (stopped()) return;
      parts.real.push(...(await launchWorkers(options, choice, workers)));
    }
  };
  const inVirtual = async (): Promise<void> => {
    if (virtual && !stopped()) parts.virtual = await launchVirtual(options, virtual);
  };
  const { besides, alone } = phasesOf(
    cases.map((one) => withoutHours(one, options.checks)),
    options.checks,
    choice ? (options.jobs ?? sandboxesAtOnce(choice.sandbox.kind, options.spec)) : 1,
  );
  // The label of a run is that of its first sandbox.
  const mostIsVirtual = (virtual?.cases.length ?? 0) > cases.length;
  // A few labs in real time wait for their timers meanwhile.
  if (mostIsVirtual) await Promise.all([inReal(besides), inVirtual()]);
  else {
    await inReal(besides);
    await inVirtual();
  }
  await inReal(alone);
  const { real, virtual: simulated } = parts;
  const launched = merged(mostIsVirtual ? [...simulated, ...real] : [...real, ...simulated]);
  return { ...launched, events: [...launched.events, ...findings.notJudged], trials };
}

function waits(one: Case, checks: readonly Check[]): boolean {
  const first = firstCheck(one, checks);
  return first !== undefined && waitsForTimers(first);
}

/** No lab is built in real time for checks that nobody could wait for. */
function withoutHours(one: Case, checks: readonly Check[]): Case {
  const hours = new Set(checks.filter(takesHours).map(({ id }) => id));
  const all = one.checks.length > 0 && one.checks.every((id) => hours.has(id));
  return all ? { impossible: `${capabilities.virtualTime}: ${onlyVirtual}`, ...one } : one;
}

const onlyVirtual = 'real time would take that long; --time virtual takes a minute';

function launchWorkers(
  options: Following,
  choice: SandboxChoice | undefined,
  workers: Worker[],
): Promise<Launched[]> {
  const start = ({ name, cases }: Worker): Promise<Launched | undefined> =>
    launchMeaningful(options, cases, (left) => ({
      ...options,
      ...(choice && { choice }),
      // A seed is for virtual time.
      seed: undefined,
      job: { kind: 'checks', cases: left, outDir: options.outDir, ...(name !== '' && { worker: name }) },
    }));
  return Promise.all(workers.map(start)).then((parts) => parts.filter((part) => part !== undefined));
}

/** Without what another sandbox has shown to be pointless; undefined where nothing is left. */
async function launchMeaningful(
  { findings, onEvent }: Following,
  cases: readonly Case[],
  launchOf: (left: Case[]) => Launch,
): Promise<Launched | undefined> {
  const left = await findings.meaningful(cases, onEvent);
  if (left.length === 0) return undefined;
  return findings.during(left, () => launch(launchOf(left)));
}

/**
 * Guests take what is in the queue as they have time; which cases share one depends on what was asked for, so what happens
 * in it depends on nothing but that and the seed, and not on how many run side by side.
 */
async function launchVirtual(options: Following, { choice, cases, seed }: VirtualPart): Promise<Launched[]> {
  const { findings } = options;
  const parts: Launched[] = [];
  const waiting = [...queueOf(cases, options.checks, findings.depends).entries()];
  const workers = Math.min(options.jobs ?? sideBySide(choice.sandbox.kind, options.spec), waiting.length);
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [i, own] = next;
      const job = (left: Case[]) => ({
        kind: 'checks' as const,
        cases: left,
        outDir: options.outDir,
        worker: `virtual-${i + 1}`,
        ...(options.cases[0] && { provenanceOf: caseName(options.cases[0]) }),
      });
      const part = await launchMeaningful(options, own, (left) => ({
        ...options,
        ...{ choice, seed, job: job(left) },
      }));
      if (part) parts[i] = part;
      if (options.signal.aborted) break;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return parts.filter((part) => part !== undefined);
}

/**
 * How many sandboxes compute side by side. Guests under emulation, containers and existing machines are
 * shared by their labs: one at a time there.
 */
export function sideBySide(sandbox: SandboxKind, spec: LabSpec): number {
  if (!driverOf(spec).parallel || (sandbox !== 'uml' && sandbox !== 'host')) return 1;
  return Math.min(availableParallelism(), roomFor(sandbox), mostAtOnce);
}

/** The same in real time, where a guest waits most of its time: one more keeps the machine busy, two make timers late. */
function sandboxesAtOnce(sandbox: SandboxKind, spec: LabSpec): number {
  const computing = sideBySide(sandbox, spec);
  const more = sandbox === 'uml' && computing > 1 ? 1 : 0;
  return Math.min(computing + more, roomFor(sandbox), mostAtOnce);
}

const roomFor = (sandbox: SandboxKind): number =>
  sandbox === 'uml' ? Math.max(1, Math.floor(freemem() / (guestMemoryMiB * 2 ** 20))) : mostAtOnce;

/** More sandboxes than this only wait for the disk. */
const mostAtOnce = 8;

function merged(parts: Launched[]): Launched {
  const [first] = parts;
  if (!first) throw new Error('a run without any cases');
  return {
    ...first,
    events: parts.flatMap((part) =>
      part === first ? part.events : labelled(part.events, fidelityOf(first)),
    ),
    problem: parts.find((part) => part.problem !== undefined)?.problem,
  };
}

const fidelityOf = ({ events }: Pick<Launched, 'events'>): Fidelity | undefined =>
  events.find((event) => event.type === 'fidelity')?.fidelity;

/** A run has one label; what was measured under another carries its own. */
function labelled(events: RunEvent[], ofRun: Fidelity | undefined): RunEvent[] {
  const own = fidelityOf({ events });
  if (!own || own.time === ofRun?.time) return events;
  return events.map((event) =>
    event.type === 'check-end' ? { ...event, result: { ...event.result, fidelity: own } } : event,
  );
}
