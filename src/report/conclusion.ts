import type { RunRecord } from '../model/record.ts';
import { exitCode } from '../util/errors.ts';
import { asides, asWhat, notRunWords, otherFamilies, otherMethods, regression, unclear } from './clauses.ts';
import { counted } from './html/claims.ts';
import { failsWords, passedWords, withVerdict } from './must-words.ts';
import { mutantsVerdict } from './mutants-conclusion.ts';
import type { Conclusion, Outcome } from './outcome.ts';
import { randomVerdict } from './random/conclusion.ts';
import { plural } from './text/units.ts';
import { countVerdicts } from './text/verdicts.ts';
import { hasParts } from './text/whose.ts';

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
