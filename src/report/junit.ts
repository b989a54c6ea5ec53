import { becauseOf } from '../model/preconditions.ts';
import type { CheckResult, MutantResult, RunRecord } from '../model/record.ts';
import { stepLine } from '../model/remedy.ts';
import { conclude, conclusion } from './conclusion.ts';
import { type Case, caseCounts, property } from './junit-case.ts';
import { faultCase } from './random/junit.ts';
import { fidelityLabel } from './text/fidelity.ts';
import { figureValue } from './text/figure.ts';
import { oneLine } from './text/safe.ts';
import { didNotSettle } from './text/unsettled.ts';
import { bySuite, levelName } from './text/verdicts.ts';
import { historyIn, type RunHistory } from './trend/history.ts';
import { gateCases, gateProperties } from './trend/junit.ts';
import { element, type Xml } from './xml.ts';

/**
 * The run as JUnit XML, as CI servers read it: a failed check is a `failure`; broken and inconclusive are an
 * `error`; unsupported and skipped are `skipped` with the reason, and so is what was not judged because of another
 * finding; a failure that follows from one begins with it; a warning passes and says so in `system-out`.
 * @param history adds what the gate says of each figure
 */
export function junit(record: RunRecord, history: RunHistory | undefined = historyIn(record)): string {
  const suites = bySuite(record.results).map(({ suite, results }) =>
    suiteElement(suite, results[0]?.startedAt ?? record.startedAt, results.map(checkCase)),
  );
  if (record.mutants) suites.push(suiteElement('mutants', record.startedAt, record.mutants.map(mutantCase)));
  if (record.random)
    suites.push(suiteElement('random', record.startedAt, record.random.faults.map(faultCase)));
  const gated = history ? gateCases(history) : [];
  if (gated.length > 0) suites.push(suiteElement('history', record.startedAt, gated));
  const run = runCases(record);
  if (run.length > 0) suites.push(suiteElement('run', record.startedAt, run));
  const cases = suites.flatMap((suite) => suite.cases);
  const root = element(
    'testsuites',
    {
      name: `drlab ${record.lab.spec.name}`,
      ...caseCounts(cases),
      time: (record.durationMs / 1000).toFixed(3),
    },
    suites.map(({ attributes, cases }) =>
      element('testsuite', { ...attributes, hostname: record.machine.hostname }, [
        properties(record, history),
        ...cases.map((one) => one.xml),
      ]),
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.xml}\n`;
}

function suiteElement(name: string, timestamp: string, cases: Case[]) {
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0);
  const attributes = {
    name: `drlab.${name}`,
    ...caseCounts(cases),
    time: seconds.toFixed(3),
    timestamp: timestamp.replace(/(\.\d+)?Z$/, ''),
  };
  return { attributes, cases };
}

function checkCase(result: CheckResult): Case {
  const seconds = result.durationMs / 1000;
  const { kind, child } = verdictOf(result);
  const out = outputOf(result);
  const xml = element(
    'testcase',
    { classname: `drlab.${result.suite}`, name: `${result.id} ${result.title}`, time: seconds.toFixed(3) },
    [
      element('properties', {}, [
        property('level', levelName[result.level]),
        property('source', result.source),
        property('verdict', result.verdict),
        property(
          'judged in',
          result.stage ? `stage ${result.stage.id}: ${result.stage.title}` : 'your set-up',
        ),
      ]),
      ...(child ? [child] : []),
      ...(out === '' ? [] : [element('system-out', {}, [out])]),
    ],
  );
  return { xml, kind, seconds };
}

function verdictOf(result: CheckResult): { kind: Case['kind']; child?: Xml } {
  const because = result.because && becauseOf(result.because);
  const reason = oneLine(result.reason ?? result.seen ?? 'no reason was given');
  switch (result.verdict) {
    case 'fail':
      return {
        kind: 'failure',
        child: element(
          'failure',
          { type: levelName[result.level], message: after(because, oneLine(result.seen ?? reason)) },
          [fourLines(result)],
        ),
      };
    case 'broken':
    case 'inconclusive':
      if (because) return { kind: 'skipped', child: element('skipped', { message: after(because, reason) }) };
      return {
        kind: 'error',
        child: element('error', { type: result.verdict, message: reason }, [fourLines(result)]),
      };
    case 'unsupported':
    case 'skipped':
      return {
        kind: 'skipped',
        child: element('skipped', { message: `${result.verdict}: ${reason}` }),
      };
    default:
      return { kind: 'ok' };
  }
}

/** A reason may say so already. */
function after(because: string | undefined, text: string): string {
  if (because === undefined) return text;
  const at = text.indexOf(because);
  return at < 0 ? `${because}; ${text}` : text.slice(at);
}

function fourLines(result: CheckResult): string {
  const lines: [string, string | undefined][] = [
    ['Requirement', result.requirement],
    ['Expected', result.expected],
    ['Seen', result.seen],
    ['Cause', result.cause],
    ['Remedy', result.remedy?.map(stepLine).join('\n')],
    ['Reason', result.reason],
  ];
  return lines
    .filter(([, text]) => text !== undefined)
    .map(([name, text]) => `${name}: ${text}`)
    .join('\n');
}

function outputOf(result: CheckResult): string {
  return [
    ...(result.verdict === 'warn' ? [`WARN: a SHOULD is not met.\n${fourLines(result)}`] : []),
    ...result.figures.map((figure) => `${figure.name}: ${figureValue(figure)}`),
    ...result.evidence.flatMap(({ path, leftOut }) => (leftOut ? [] : `[[ATTACHMENT|${path}]]`)),
  ].join('\n');
}

function mutantCase(mutant: MutantResult): Case {
  const kinds = {
    killed: 'ok',
    survived: 'failure',
    'wrong-reason': 'failure',
    'no-verdict': 'error',
    unsupported: 'skipped',
  } as const;
  const kind = kinds[mutant.outcome];
  const said = `${mutant.breaks}; the check said ${mutant.verdict}: ${mutant.seen}`;
  const xml = element(
    'testcase',
    { classname: 'drlab.mutants', name: `${mutant.check}/${mutant.mutant}`, time: '0.000' },
    kind === 'ok' ? [] : [element(kind, { type: mutant.outcome, message: oneLine(said) })],
  );
  return { xml, kind, seconds: 0 };
}

/** Problems of the run itself; and a run that was interrupted, or had no check, must not look like a success. */
function runCases(record: RunRecord): Case[] {
  const problems = record.faults.map(({ message, hint }) => (hint ? `${message}\n${hint}` : message));
  const { outcome } = conclude(record);
  if (record.notRun && problems.length === 0) problems.push(conclusion(record));
  if (problems.length === 0 && outcome !== 'conformant' && outcome !== 'notConformant') {
    if (record.results.every((r) => r.verdict === 'unsupported' || r.verdict === 'skipped')) {
      problems.push(conclusion(record));
    }
  }
  return problems.map((problem, index) => ({
    kind: 'error',
    seconds: 0,
    xml: element('testcase', { classname: 'drlab.run', name: `the run itself ${index + 1}`, time: '0.000' }, [
      element('error', { type: outcome, message: oneLine(problem) }, [problem]),
    ]),
  }));
}

function properties(record: RunRecord, history: RunHistory | undefined): Xml {
  return element('properties', {}, [
    property('conclusion', conclusion(record)),
    ...(history ? gateProperties(history) : []),
    property('exitCode', String(record.exitCode)),
    property('run', record.id),
    property('commandLine', record.commandLine),
    property('fidelity', fidelityLabel(record.fidelity)),
    property('lab', record.lab.file),
    ...(record.unsettled ?? []).map((lab) => property('unsettled', didNotSettle(lab))),
    property('drlab', [record.drlab.version, record.drlab.commit].filter(Boolean).join(' ')),
    property('machine.kernel', record.machine.kernel),
    ...Object.entries(record.versions).map(([name, version]) => property(`version.${name}`, version)),
  ]);
}
