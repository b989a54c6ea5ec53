import type { Check } from '../model/check.ts';
import { hasDaemon } from '../model/director-kinds.ts';
import { withoutFiles } from '../model/files.ts';
import type { Case, Purpose } from '../model/job.ts';
import { onIpv4 } from '../model/labfile/on-ipv4.ts';
import { onOneLan } from '../model/labfile/one-lan.ts';
import { takingOver } from '../model/labfile/taking-over.ts';
import { hostsOf, type LabSpec } from '../model/spec.ts';
import { NotInLab } from '../util/errors.ts';
import { rootsFirst } from './because.ts';
import { foreignTo } from './check.ts';
import { allJudgedFor } from './own.ts';
import { isApart, takesHours, turnOf, waitsForTimers, wantsMachine } from './scheduling.ts';

/** Which labs a selection of checks needs: the lab as written, and one for each stage. */

type Unbroken = Extract<Purpose, { kind: 'unbroken' }>;

/**
 * What tells the lab of a check from the lab as written: its stage, and what it shares with no other lab for the sake of
 * clock and machine. What waits for timers is with its suite, so that a run takes its label from few labs.
 */
export function groupOf(check: Check): string | undefined {
  const apart = takesHours(check)
    ? 'hours'
    : waitsForTimers(check)
      ? check.suite
      : wantsMachine(check)
        ? 'alone'
        : undefined;
  const parts = [check.stage?.id, apart].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join('-') : undefined;
}

/**
 * Checks that share a lab: those of the lab as written first, then stage by stage; those that are apart come last. Where
 * one has a turn, what disturbs comes after all others: for that the lab is built anew.
 */
function byLab(checks: readonly Check[]): Map<string | undefined, Check[]> {
  const labs = new Map<string | undefined, Check[]>([[undefined, []]]);
  for (const check of [...checks].sort((a, b) => Number(isApart(a)) - Number(isApart(b)))) {
    const group = groupOf(check);
    labs.set(group, [...(labs.get(group) ?? []), check]);
  }
  for (const [group, ofLab] of labs)
    if (ofLab.some(({ scheduling }) => scheduling?.turn))
      labs.set(
        group,
        ofLab.toSorted((a, b) => turnOf(a) - turnOf(b)),
      );
  return labs;
}

/**
 * One case for the lab as written, called `run`, and one for each other lab, called `run@GROUP`. What other checks presume
 * is judged before them.
 */
export const runCases = (spec: LabSpec, checks: readonly Check[]): Case[] =>
  unbroken('run', spec, rootsFirst(allJudgedFor(spec, checks)));

/** A case for each lab; a stage that cannot be derived says why. */
export function unbroken(when: Unbroken['when'], spec: LabSpec, checks: readonly Check[]): Case[] {
  return [...byLab(checks)].flatMap(([group, ofGroup]): Case[] => {
    const ids = ofGroup.map((check) => check.id);
    const [first] = ofGroup;
    if (!first) return [];
    const purpose: Purpose = { kind: 'unbroken', when, ...(group !== undefined && { group }) };
    const staged = stagedSpec(spec, first);
    const impossible = 'impossible' in staged ? staged.impossible : foreignToAll(ofGroup, staged.spec);
    return impossible === undefined && 'spec' in staged
      ? [{ purpose, spec: staged.spec, checks: ids }]
      : [{ purpose, spec, checks: ids, ...(impossible !== undefined && { impossible }) }];
  });
}

/** For one and the same reason: then nobody needs the lab. */
function foreignToAll(checks: readonly Check[], spec: LabSpec): string | undefined {
  const [reason, ...others] = new Set(checks.map((check) => foreignTo(check, spec)));
  return others.length === 0 ? reason : undefined;
}

/** The lab in which the check is judged, or why there is none. */
export function stagedSpec(spec: LabSpec, { stage }: Check): { spec: LabSpec } | { impossible: string } {
  if (!stage) return { spec };
  try {
    return { spec: stage.change(takingOver(onOneLan(onIpv4(withoutFiles(spec))))) };
  } catch (error) {
    if (error instanceof NotInLab) return { impossible: `${stage.title}: ${error.message}` };
    throw error;
  }
}

/** What takes the place of a stage of pairs is about the pair of the lab. */
const needsPair = ({ needs, suite, insteadOf }: Check): boolean =>
  (suite === 'failover' && insteadOf !== undefined) ||
  needs.some(
    (need) =>
      need === 'directorPair' ||
      need === 'announcedVips' ||
      need === 'healthChecks' ||
      need === 'directorFault',
  );

/**
 * A smaller lab in which the check means the same: one ipvsadm director instead of a VRRP pair, which
 * saves the seconds of an election for every mutant.
 */
export function reduced(spec: LabSpec, check: Check): LabSpec {
  if (needsPair(check) || !hasDaemon(spec.director.kind)) return spec;
  const [first, ...others] = hostsOf(spec, 'director').map((host) => host.name);
  if (first === undefined) return spec;
  return {
    ...structuredClone(spec),
    director: { kind: 'ipvsadm' },
    hosts: structuredClone(spec.hosts.filter((host) => !others.includes(host.name))),
  };
}
