import { familiesOf } from '../model/family.ts';
import { methodsOf, methodWords } from '../model/forwarding.ts';
import type { CheckResult, RunRecord } from '../model/record.ts';
import { exitCode } from '../util/errors.ts';
import { ids, withVerdict } from './must-words.ts';
import { isNotJudged } from './text/roots.ts';
import { plural } from './text/units.ts';
import { countVerdicts } from './text/verdicts.ts';

/** What a conclusion says besides, clause by clause. */

/** « as a TUN set-up»; nothing where all is DR, which drlab is for. */
export function asWhat({ lab }: RunRecord): string {
  const methods = methodsOf(lab.spec);
  return methods.some((method) => method !== 'dr') ? ` as a ${methodWords(methods)} set-up` : '';
}

/** `5 checks mean DR alone`: what was not judged because of how the lab forwards. */
export function otherMethods(record: RunRecord): string[] {
  const foreign = record.results.filter((result) => ofOtherMethod(record, result));
  const meant = [...new Set(foreign.map(({ forwards = [] }) => methodWords(forwards)))];
  return meant.map((methods) => {
    const which = foreign.filter(({ forwards = [] }) => methodWords(forwards) === methods);
    const verb = which.length === 1 ? 'means' : 'mean';
    return `${plural(which.length, 'check')} ${verb} ${methods} alone: ${ids(which)}`;
  });
}

/** `IPv6 services are judged by 20 checks; 61 judge IPv4 alone`, of a lab with both. */
export function otherFamilies({ results, lab }: RunRecord): string[] {
  const judged = results.filter(({ verdict }) => ['pass', 'fail', 'warn'].includes(verdict));
  if (!familiesOf(lab.spec).includes(6)) return [];
  const alone = judged.filter(({ families, stage }) => !stage && families && !families.includes(6));
  const six = judged.filter(({ families, stage }) => !stage && (families?.includes(6) ?? true));
  if (alone.length === 0) return [];
  const verb = alone.length === 1 ? 'judges' : 'judge';
  const by = six.length === 0 ? 'not judged' : `judged by ${plural(six.length, 'check')}`;
  return [`IPv6 services are ${by}; ${alone.length} ${verb} IPv4 services alone`];
}

const ofOtherMethod = ({ lab }: RunRecord, { verdict, forwards }: CheckResult): boolean =>
  verdict === 'unsupported' &&
  forwards !== undefined &&
  !methodsOf(lab.spec).some((method) => forwards.includes(method));

export const notRunWords = ({ notRun = [] }: RunRecord): string =>
  `${plural(notRun.length, 'check')} ${notRun.length === 1 ? 'was' : 'were'} not run`;

/** Why the run is inconclusive, as clauses. */
export function unclear(record: RunRecord): string[] {
  const { results, faults, claims = [] } = record;
  const broken = withVerdict(results, 'broken').filter((result) => !isNotJudged(result));
  const unmeasured = withVerdict(results, 'inconclusive').filter((result) => !isNotJudged(result));
  const clauses: string[] = [];
  if (faults.length > 0) clauses.push(`${plural(faults.length, 'problem')} of the run itself`);
  if (broken.length > 0) clauses.push(`${plural(broken.length, 'check')} broke: ${ids(broken)}`);
  if (unmeasured.length > 0) {
    clauses.push(`${plural(unmeasured.length, 'check')} could not be measured: ${ids(unmeasured)}`);
  }
  if (record.notRun && record.exitCode !== exitCode.interrupted) clauses.push(notRunWords(record));
  const open = claims.filter((claim) => claim.verdict === 'open');
  if (open.length > 0) {
    const which = open.map(({ id }) => id).join(', ');
    clauses.push(`${plural(open.length, 'claim')} ${open.length === 1 ? 'is' : 'are'} open: ${which}`);
  }
  return clauses;
}

/** What the gate says where that is bad news, as a clause. */
export function regression({ gate }: RunRecord): string[] {
  if (gate?.verdict !== 'regression') return [];
  return gate.confirmed
    ? [gate.reason.replace(/\.$/, '')]
    : [`a regression is suspected and was not confirmed: ${gate.reason.replace(/\.$/, '')}`];
}

/** What neither passes nor decides, as clauses. */
export function asides(record: RunRecord): string[] {
  const results = record.results.filter((result) => !ofOtherMethod(record, result));
  const warned = withVerdict(results, 'warn');
  // Those of MUST checks are reported next to the ones that pass.
  const count = countVerdicts(results.filter(({ level }) => level !== 'must'));
  const clauses: string[] = [];
  if (warned.length > 0) {
    clauses.push(`${warned.length} SHOULD ${warned.length === 1 ? 'is' : 'are'} not met: ${ids(warned)}`);
  }
  if (count.unsupported > 0)
    clauses.push(`${plural(count.unsupported, 'other check')} could not be run here (unsupported)`);
  if (count.skipped > 0) clauses.push(`${plural(count.skipped, 'other check')} skipped on request`);
  return clauses;
}
