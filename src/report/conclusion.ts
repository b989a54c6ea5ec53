import type { Verdict } from '../model/check.ts';
import { familiesOf } from '../model/family.ts';
import { methodsOf, methodWords } from '../model/forwarding.ts';
import type { CheckResult, RunRecord } from '../model/record.ts';
import { exitCode } from '../util/errors.ts';
import { counted } from './html/claims.ts';
import { mutantsVerdict } from './mutants-conclusion.ts';
import type { Conclusion, Outcome } from './outcome.ts';
import { randomVerdict } from './random/conclusion.ts';
import { isNotJudged, rooted } from './text/roots.ts';
import { plural } from './text/units.ts';
import { countVerdicts } from './text/verdicts.ts';
import { byWhose, hasParts, whoseResult, whoseWords } from './text/whose.ts';

/** The one sentence that every report begins with. */
export function conclusion(record: RunRecord): string {
  const { headline, detail } = conclude(record);
  return `${headline}: ${detail}.`;
}

/** By its place in the lab file, with which the message begins. */
const failedStep = ({ faults: [first] }: RunRecord): string =>
  /: hooks\./.test(first?.message ?? '')
    ? 'a hook of the lab file failed'
    : 'a host cannot be started on its files';

/** Never greener than the exit code, nor than the results. */
export function conclude(record: RunRecord): Conclusion {
  if (record.exitCode === exitCode.unavailable)
    return {
      outcome: 'nothingRan',
      headline: 'No lab',
      detail: record.faults[0]?.message ?? 'it could not be built here',
    };
  if (record.exitCode === exitCode.labFile)
    return {
      outcome: 'nothingRan',
      headline: 'No lab',
      detail: `${failedStep(record)}; ${notRunWords(record)}`,
    };
  if (record.random) return randomVerdict(record, record.random);
  if (record.command === 'mutants' && record.mutants) return mutantsVerdict(record, record.mutants);
  const outcome = worse(ofResults(record), ofExit(record.exitCode));
  const must = record.results.filter((result) => result.level === 'must');
  const judged = must.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail');
  const passed = passedWords(record.results);
  const rest = [...regression(record), ...otherMethods(record), ...otherFamilies(record), ...asides(record)];

  switch (outcome) {
    case 'notConformant': {
      const fails = withVerdict(record.results, 'fail');
      if (fails.length === 0) {
        if (record.gate?.failOn && record.gate.confirmed)
          return { outcome, headline: 'Regression', detail: [...rest, passed].join('; ') };
        return { outcome, headline: 'Not conformant', detail: `exit code ${record.exitCode}, ${passed}` };
      }
      const what = hasParts(record.results) ? passed : failsWords(fails);
      const others = !hasParts(record.results) && judged.length < must.length ? [passed] : [];
      return {
        outcome,
        headline: 'Not conformant',
        detail: [what, ...others, ...unclear(record), ...rest].join('; '),
      };
    }
    case 'interrupted':
      return {
        outcome,
        headline: 'Interrupted',
        detail: [
          `${plural(record.results.length, 'check')} had ended, ${record.notRun?.length ?? 0} had not`,
          ...(must.length > 0 ? [passed] : []),
          ...unclear(record),
        ].join('; '),
      };
    case 'inconclusive': {
      const why = unclear(record);
      if (why.length === 0) why.push(`the run ended with exit code ${record.exitCode}`);
      return { outcome, headline: 'Inconclusive', detail: [...why, passed, ...rest].join('; ') };
    }
    case 'nothingRan':
      return {
        outcome,
        headline: 'Nothing ran',
        detail: [...(must.length > 0 ? [passed] : []), ...rest].join('; ') || 'no check was selected',
      };
    case 'conformant':
      if (record.claims) return { outcome, headline: 'Decided', detail: counted(record.claims) };
      // A set-up of which most was not looked at is not called conformant for the rest.
      if (2 * judged.length < must.length || judged.length === 0) {
        const what =
          judged.length === 0
            ? 'no MUST check was judged, so this says nothing about conformance'
            : 'most MUST checks were not judged, too many to call this conformant';
        return {
          outcome,
          headline: 'Nothing failed',
          detail: [what, ...(must.length > 0 ? [passed] : []), ...rest].join('; '),
        };
      }
      return { outcome, headline: `Conformant${asWhat(record)}`, detail: [passed, ...rest].join('; ') };
  }
}

/** What fails and passes of the user's set-up first, then of kernel and daemons; where all is of the set-up, without saying so. */
function passedWords(results: CheckResult[]): string {
  const must = ({ level }: CheckResult): boolean => level === 'must';
  const wordsFor = (some: CheckResult[]): string =>
    mustWords(some, some.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail').length);
  if (!hasParts(results)) return wordsFor(results.filter(must));
  const parts = byWhose(results);
  const words = parts.flatMap(({ of, results: own }) => {
    const some = own.filter(must);
    const fails = withVerdict(own, 'fail');
    const said = [
      ...(fails.length > 0 ? [failsWords(fails)] : []),
      ...(some.length > 0 ? [wordsFor(some)] : []),
    ];
    return said.length > 0 ? [`${whoseWords[of].within} ${said.join('; ')}`] : [];
  });
  const isJudged = (result: CheckResult): boolean =>
    whoseResult(result) === 'set-up' && ['pass', 'fail', 'warn'].includes(result.verdict);
  const nothing = results.some(isJudged) ? [] : ['nothing was judged in your set-up'];
  return [...nothing, ...words].join('; ') || 'no MUST check was selected';
}

/** `2 MUST checks fail: ARP-01, PP-02`. */
function failsWords(fails: CheckResult[]): string {
  const level = fails.every((result) => result.level === 'must') ? 'MUST check' : 'check';
  return `${plural(fails.length, level)} ${fails.length === 1 ? 'fails' : 'fail'}: ${rootIds(fails)}`;
}

/** `44 of 48 MUST checks pass; 4 not judged (2 because of PP-16, 2 unsupported)`: those without a verdict count, too. */
function mustWords(must: CheckResult[], judged: number): string {
  const passed = `${withVerdict(must, 'pass').length} of ${must.length} MUST checks pass`;
  if (judged === must.length) return passed;
  const consequences = must.filter(isNotJudged);
  const roots = [...new Set(consequences.flatMap(({ because }) => because?.check ?? []))];
  const count = countVerdicts(must.filter((result) => !isNotJudged(result)));
  const without = (['unsupported', 'inconclusive', 'broken', 'skipped'] as const).filter(
    (verdict) => count[verdict] > 0,
  );
  const why = [
    ...roots.map((root) => {
      const own = consequences.filter(({ because }) => because?.check === root);
      return `${own.length} because of ${root}`;
    }),
    ...without.map((verdict) => `${count[verdict]} ${verdict}`),
  ];
  const unjudged = `${must.length - judged} not judged`;
  return roots.length === 1 && without.length === 0
    ? `${passed}; ${unjudged} because of ${roots[0]}`
    : `${passed}; ${unjudged} (${why.join(', ')})`;
}

/** « as a TUN set-up»; nothing where all is DR, which drlab is for. */
function asWhat({ lab }: RunRecord): string {
  const methods = methodsOf(lab.spec);
  return methods.some((method) => method !== 'dr') ? ` as a ${methodWords(methods)} set-up` : '';
}

/** `5 checks mean DR alone`: what was not judged because of how the lab forwards. */
function otherMethods(record: RunRecord): string[] {
  const foreign = record.results.filter((result) => ofOtherMethod(record, result));
  const meant = [...new Set(foreign.map(({ forwards = [] }) => methodWords(forwards)))];
  return meant.map((methods) => {
    const which = foreign.filter(({ forwards = [] }) => methodWords(forwards) === methods);
    const verb = which.length === 1 ? 'means' : 'mean';
    return `${plural(which.length, 'check')} ${verb} ${methods} alone: ${ids(which)}`;
  });
}

/** `IPv6 services are judged by 20 checks; 61 judge IPv4 alone`, of a lab with both. */
function otherFamilies({ results, lab }: RunRecord): string[] {
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

function ofResults(record: RunRecord): Outcome {
  const count = countVerdicts(record.results);
  if (count.fail > 0) return 'notConformant';
  if (count.broken + count.inconclusive + record.faults.length > 0) return 'inconclusive';
  return count.pass + count.warn > 0 ? 'conformant' : 'nothingRan';
}

function ofExit(code: number): Outcome {
  const known: Record<number, Outcome> = {
    [exitCode.conformant]: 'conformant',
    [exitCode.notConformant]: 'notConformant',
    [exitCode.nothingRan]: 'nothingRan',
    [exitCode.interrupted]: 'interrupted',
  };
  return known[code] ?? 'inconclusive';
}

const rank: Outcome[] = ['conformant', 'nothingRan', 'inconclusive', 'interrupted', 'notConformant'];
const worse = (a: Outcome, b: Outcome): Outcome => (rank.indexOf(a) > rank.indexOf(b) ? a : b);

const notRunWords = ({ notRun = [] }: RunRecord): string =>
  `${plural(notRun.length, 'check')} ${notRun.length === 1 ? 'was' : 'were'} not run`;

/** Why the run is inconclusive, as clauses. */
function unclear(record: RunRecord): string[] {
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
function regression({ gate }: RunRecord): string[] {
  if (gate?.verdict !== 'regression') return [];
  return gate.confirmed
    ? [gate.reason.replace(/\.$/, '')]
    : [`a regression is suspected and was not confirmed: ${gate.reason.replace(/\.$/, '')}`];
}

/** What neither passes nor decides, as clauses. */
function asides(record: RunRecord): string[] {
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

const withVerdict = (results: CheckResult[], verdict: Verdict): CheckResult[] =>
  results.filter((result) => result.verdict === verdict);

const ids = (results: CheckResult[]): string => fewOf(results.map(({ id }) => id));

/** `PP-16 (because of it FW-06, VIP-01), PP-24`: a finding once, with those that follow from it. */
const rootIds = (results: CheckResult[]): string =>
  fewOf(
    rooted(results).map(({ root, consequences }) =>
      consequences.length === 0 ? root.id : `${root.id} (because of it ${ids(consequences)})`,
    ),
  );

function fewOf(names: string[]): string {
  const shown = names.slice(0, 8);
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
