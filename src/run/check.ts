import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { capabilities } from '../model/capabilities.ts';
import type { Check, Evidence, Judgement, Observing } from '../model/check.ts';
import { familiesFor, familiesOf, notItsFamily, onlyOfFamilies } from '../model/family.ts';
import { everyServiceMixed, notItsMethod, onlyForwardedBy, withoutMixed } from '../model/forwarding.ts';
import type { Lab } from '../model/lab.ts';
import type { CheckResult, EvidenceRef } from '../model/record.ts';
import type { LabSpec } from '../model/spec.ts';
import { vantagesOf } from '../model/vantage.ts';
import { CannotHere, messageOf, NotInLab, TimedOut } from '../util/errors.ts';
import { Lateness, quietMs } from '../util/lateness.ts';
import { timeoutMs } from '../util/timeouts.ts';
import { waitsForTimers } from './scheduling.ts';
import { viewOf } from './view.ts';
import { type Looked, merged, type Outcome } from './views.ts';

/** Where a check's evidence goes: `evidence/` of the run, below it one folder a check. */
class EvidenceFolder implements Evidence {
  readonly saved: EvidenceRef[] = [];
  constructor(
    private readonly runDir: string,
    private readonly folder: string | undefined,
  ) {}

  /** The same folder for one vantage among several: the names say which. */
  seenFrom(slug: string): Evidence {
    return { save: (name, content) => this.save(fromVantage(slug, name), content) };
  }

  async save(name: string, content: string | Uint8Array): Promise<void> {
    if (this.folder === undefined) return;
    const path = join('evidence', this.folder, name.replaceAll(/[^\w.-]/g, '_'));
    mkdirSync(join(this.runDir, 'evidence', this.folder), { recursive: true });
    writeFileSync(join(this.runDir, path), content);
    this.saved.push({ name, path, bytes: Buffer.byteLength(content) });
  }
}

export const observationFile = 'observation.json';

/** The name of a file of any but the first vantage. */
export const fromVantage = (slug: string, name: string): string => `from-${slug}-${name}`;

export interface CheckRun {
  lab: Lab;
  runDir: string;
  /** Folder below `evidence/`; without one nothing is kept. */
  folder: string | undefined;
  note: (text: string) => void;
  /** What it says where it cannot be judged as a client sees the lab. */
  unjudged?: ((spec: LabSpec) => Outcome | undefined) | undefined;
}

/** Observes, then judges; whatever throws is `broken`, never `fail`. */
export async function runCheck(
  check: Check,
  { lab, runDir, folder, note, unjudged }: CheckRun,
): Promise<CheckResult> {
  const evidence = new EvidenceFolder(runDir, folder);
  const start = performance.now();
  const startedAt = new Date().toISOString();
  const finish = (outcome: Outcome): CheckResult => ({
    ...described(check),
    ...seenFamilies(check, lab.spec),
    figures: [],
    charts: [],
    ...outcome,
    evidence: evidence.saved,
    startedAt,
    durationMs: Math.round(performance.now() - start),
  });
  const lacking = unsupportedIn(check, lab.spec, (need) => lab.lacks(need));
  if (lacking !== undefined) return finish({ verdict: 'unsupported', reason: lacking });
  const lateness =
    waitsForTimers(check) && lab.lacks('realTime') === undefined ? await Lateness.start() : undefined;
  const view = specFor(check, lab.spec);
  const seen = view === lab.spec ? lab : viewOf(lab, view);
  const judgement = await fromEverywhere(check, { lab: seen, evidence, note, unjudged });
  const result = trusted(judgement, await lateness?.stop());
  if (waitsForTimers(check) || result.verdict !== 'pass') await saveLogs(lab, evidence);
  return finish(result);
}

/** Why a lab cannot show what the check is about. */
export function unsupportedIn(check: Check, spec: LabSpec, lacks: Lab['lacks']): string | undefined {
  const lacking = check.needs
    .map((need) => ({ need, why: lacks(need) }))
    .find(({ why }) => why !== undefined);
  return lacking ? `${capabilities[lacking.need]}: ${lacking.why}` : foreignTo(check, spec);
}

/** Why a lab is none of those that the check is about; that can be said before there is one. */
export function foreignTo(check: Check, spec: LabSpec): string | undefined {
  if (spec.director.announce && !check.announced)
    return 'it is about one director that answers for a VIP, and here all announce them';
  return (
    notItsFamily(spec, familiesFor(check)) ??
    (check.forwards && notItsMethod(spec, check.forwards)) ??
    (check.differsBy && everyServiceMixed(spec, check.differsBy))
  );
}

/** The lab with the services that the check is about. */
export const specFor = (check: Check, spec: LabSpec): LabSpec => {
  const ofFamily = onlyOfFamilies(spec, familiesFor(check));
  const alike = check.differsBy ? withoutMixed(ofFamily, check.differsBy) : ofFamily;
  return check.forwards ? onlyForwardedBy(alike, check.forwards) : alike;
};

/** Nothing where these are all that the lab has. */
function seenFamilies(check: Check, spec: LabSpec): Pick<CheckResult, 'families'> {
  const all = familiesOf(spec);
  const families = all.filter((family) => familiesFor(check).includes(family));
  return families.length < all.length ? { families } : {};
}

/**
 * What waits for timers can fail because the machine was busy, and that says nothing about the lab. What held all the
 * same holds.
 */
export function trusted(
  { toleratesLateMs = quietMs, ...outcome }: Outcome,
  timersLateMs: number | undefined,
): Outcome {
  if (timersLateMs === undefined) return outcome;
  const failed = outcome.verdict === 'fail' || outcome.verdict === 'warn';
  if (!failed || timersLateMs <= toleratesLateMs) return { ...outcome, timersLateMs };
  const { cause, remedy, ...rest } = outcome;
  return {
    ...rest,
    verdict: 'inconclusive',
    reason: `the machine was busy, timers were up to ${timersLateMs} ms late: ${outcome.seen}`,
    remedy: [
      { advice: 'measure on an idle machine, or in virtual time: drlab kernel build, then --time virtual' },
    ],
    timersLateMs,
  };
}

/** One vantage after the other: what they capture and count must not mix. */
async function fromEverywhere(
  check: Check,
  {
    lab,
    evidence,
    note,
    unjudged,
  }: Omit<Observing, 'evidence'> & Pick<CheckRun, 'unjudged'> & { evidence: EvidenceFolder },
): Promise<Outcome> {
  const [first, ...others] = vantagesOf(lab.spec, check.vantages);
  const looked: [Looked, ...Looked[]] = [
    { ...first, outcome: unjudged?.(lab.spec) ?? (await judged(check, { lab, evidence, note })) },
  ];
  for (const one of others) {
    const { slug, spec } = one;
    const view = { lab: viewOf(lab, spec), evidence: evidence.seenFrom(slug), note };
    looked.push({ ...one, outcome: unjudged?.(spec) ?? (await judged(check, view)) });
  }
  return merged(looked);
}

async function judged(check: Check, on: Observing): Promise<Outcome> {
  const { lab, evidence } = on;
  try {
    const observation = await within(
      check.timeoutMs ?? timeoutMs.check,
      `${check.id} to observe`,
      check.observe(on),
    );
    await evidence.save(observationFile, `${JSON.stringify(observation, null, 1)}\n`);
    return outcomeOf(check, check.judge(observation, { spec: lab.spec }));
  } catch (error) {
    if (error instanceof CannotHere || isMissing(error, lab.spec))
      return { verdict: 'unsupported', reason: messageOf(error) };
    if (error instanceof Error && error.stack) await evidence.save('error.txt', error.stack).catch(() => {});
    return { verdict: 'broken', reason: messageOf(error) };
  }
}

/** The lab as written lacks what the check is about; a stage that does is no stage for it. */
const isMissing = (error: unknown, { stage }: LabSpec): boolean =>
  error instanceof NotInLab && stage === undefined;

/** What the daemons of the directors said of it; a lab that cannot be asked any more has said enough. */
async function saveLogs(lab: Lab, evidence: Evidence): Promise<void> {
  const logs = await lab.logs().catch(() => []);
  for (const { host, name, text } of logs) await evidence.save(`${host}-${basename(name)}`, text);
}

/** The result of a check that never got a lab; it says nothing about any. */
export function withoutLab(
  check: Check,
  reason: string,
  verdict: 'broken' | 'unsupported' | 'skipped' | 'inconclusive' = 'broken',
): CheckResult {
  const startedAt = new Date().toISOString();
  return {
    ...described(check),
    verdict,
    reason,
    figures: [],
    charts: [],
    evidence: [],
    startedAt,
    durationMs: 0,
  };
}

export const described = ({ id, suite, level, title, requirement, source, stage, forwards }: Check) => ({
  id,
  suite,
  level,
  title,
  requirement,
  source,
  ...(stage && { stage: { id: stage.id, title: stage.title } }),
  ...(forwards && { forwards: [...forwards] }),
});

function outcomeOf(check: Check, judgement: Judgement): Outcome {
  if (judgement.verdict === 'inconclusive') return { ...judgement, reason: judgement.seen };
  if (judgement.verdict === 'fail' && check.level === 'should') return { ...judgement, verdict: 'warn' };
  return judgement;
}

async function within<T>(limitMs: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut(what, limitMs)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
