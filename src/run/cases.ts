import type { Check } from '../model/check.ts';
import { hasDaemon } from '../model/director-kinds.ts';
import type { Case } from '../model/job.ts';
import { hostsOf, type LabSpec } from '../model/spec.ts';
import { NotInLab } from '../util/errors.ts';

/** Which labs a selection of checks needs: the lab as written, and one for each stage. */

/** Figures and failovers mean little while other labs keep the machine busy. */
export const standsAlone = ({ suite }: Check): boolean =>
  suite === 'latency' || suite === 'throughput' || suite === 'failover';

/** What waits for timers more than it computes: virtual time suits it. */
export const isOfTimers = ({ suite }: Check): boolean => suite === 'failover';

/** Nobody waits for it in real time. */
export const takesHours = ({ needs }: Check): boolean => needs.includes('virtualTime');

/** Checks that share a lab are alike: the first tells where a case belongs. */
export const firstCheck = (one: Case, checks: readonly Check[]): Check | undefined =>
  checks.find(({ id }) => id === one.checks[0]);

/** Checks that share a lab: those of the lab as written first, then stage by stage; apart, those that stand alone. */
function byLab(checks: readonly Check[]): Map<string, Check[]> {
  const labs = new Map<string, Check[]>([['', []]]);
  for (const check of [...checks].sort((a, b) => Number(standsAlone(a)) - Number(standsAlone(b)))) {
    const apart = takesHours(check)
      ? 'hours'
      : isOfTimers(check)
        ? check.suite
        : standsAlone(check)
          ? 'alone'
          : undefined;
    const id = [check.stage?.id, apart].filter((part) => part).join('-');
    labs.set(id, [...(labs.get(id) ?? []), check]);
  }
  return labs;
}

/** One case for the lab as written, called `run`, and one for each other lab, called `run@STAGE`. */
export const runCases = (spec: LabSpec, checks: readonly Check[]): Case[] => unbroken('run', spec, checks);

/** Cases called `name` and `name@STAGE`; a stage that cannot be derived says why. */
export function unbroken(name: string, spec: LabSpec, checks: readonly Check[]): Case[] {
  return [...byLab(checks)].flatMap(([id, ofStage]): Case[] => {
    const ids = ofStage.map((check) => check.id);
    const [first] = ofStage;
    if (!first) return [];
    const staged = stagedSpec(spec, first);
    const called = id === '' ? name : `${name}@${id}`;
    return 'impossible' in staged
      ? [{ name: called, spec, checks: ids, impossible: staged.impossible }]
      : [{ name: called, spec: staged.spec, checks: ids }];
  });
}

/** The lab in which the check is judged, or why there is none. */
export function stagedSpec(spec: LabSpec, { stage }: Check): { spec: LabSpec } | { impossible: string } {
  if (!stage) return { spec };
  try {
    return { spec: stage.change(spec) };
  } catch (error) {
    if (error instanceof NotInLab) return { impossible: `${stage.title}: ${error.message}` };
    throw error;
  }
}

const needsPair = ({ needs }: Check): boolean =>
  needs.some((need) => need === 'directorPair' || need === 'healthChecks' || need === 'directorFault');

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
