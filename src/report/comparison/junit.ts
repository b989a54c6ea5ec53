import type { ComparedFigure, ComparedRow, ComparisonRecord } from '../../model/comparison.ts';
import { type Case, caseCounts, property } from '../junit-case.ts';
import { oneLine } from '../text/safe.ts';
import { unsettledVariants } from '../text/unsettled.ts';
import { element, type Xml } from '../xml.ts';
import { cellsOf } from './table.ts';
import { axesOf } from './view.ts';
import { controlWords, headlineOf, reasonWords, verdictWords } from './words.ts';

/**
 * A comparison as JUnit XML: a suite per workload, a case per figure and variant. Worse than the base is a result and no
 * failure; what could not be judged is an `error`, what cannot be measured here is `skipped`.
 */
export function comparisonJunit(record: ComparisonRecord): string {
  const { base } = record.plan;
  const suites = record.workloads.map(({ workload, figures }) => ({
    name: `drlab.compare.${workload.id}`,
    cases: figures.flatMap((figure) => [
      controlCase(figure, workload.id, base),
      ...figure.rows.map((row) => rowCase(row, figure, workload.id)),
    ]),
  }));
  const cases = suites.flatMap((suite) => suite.cases);
  const timestamp = record.startedAt.replace(/(\.\d+)?Z$/, '');
  const root = element(
    'testsuites',
    {
      name: `drlab compare ${record.lab.spec.name}`,
      ...caseCounts(cases),
      time: (record.durationMs / 1000).toFixed(3),
    },
    suites.map(({ name, cases: own }) =>
      element(
        'testsuite',
        { name, ...caseCounts(own), time: '0.000', timestamp, hostname: record.machine.hostname },
        [properties(record), ...own.map(({ xml }) => xml)],
      ),
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.xml}\n`;
}

function rowCase(row: ComparedRow, figure: ComparedFigure, workload: string): Case {
  const { kind } = figure;
  const { median, against, interval, p, n } = cellsOf(row, kind.unit);
  const reason = reasonWords(row, figure);
  const why = reason === undefined ? '' : `: ${reason}`;
  const said = oneLine(
    `${verdictWords(row)}${why}; ${median} (${interval}), ${against} against the base, p ${p}, n ${n}`,
  );
  const result = { 'not judged': 'error', unsupported: 'skipped' } as const;
  const outcome = row.verdict === 'not judged' || row.verdict === 'unsupported' ? result[row.verdict] : 'ok';
  const name = `${row.variant}: ${kind.name}`;
  return aCase(
    workload,
    name,
    outcome,
    outcome === 'skipped' ? oneLine(`unsupported${why}`) : said,
    row.verdict,
  );
}

function controlCase(figure: ComparedFigure, workload: string, base: string): Case {
  const name = `A/A control: ${figure.kind.name}`;
  return aCase(
    workload,
    name,
    figure.control.sound ? 'ok' : 'error',
    controlWords(figure, base),
    'not sound',
  );
}

function aCase(
  workload: string,
  name: string,
  kind: 'ok' | 'error' | 'skipped',
  said: string,
  type: string,
): Case {
  const child =
    kind === 'ok'
      ? element('system-out', {}, [said])
      : element(kind, { ...(kind === 'error' && { type }), message: oneLine(said) });
  return {
    kind,
    seconds: 0,
    xml: element('testcase', { classname: `drlab.compare.${workload}`, name, time: '0.000' }, [child]),
  };
}

function properties(record: ComparisonRecord): Xml {
  return element('properties', {}, [
    property('conclusion', headlineOf(record).headline),
    property('exitCode', String(record.exitCode)),
    property('comparison', record.id),
    property('commandLine', record.commandLine),
    property('seed', String(record.plan.seed)),
    property('blocks', String(record.plan.blocks)),
    property(
      'fidelity',
      axesOf(record)
        .map(({ label }) => label)
        .join('; '),
    ),
    property('lab', record.lab.file),
    ...unsettledVariants(record).map((said) => property('unsettled', oneLine(said))),
    ...Object.entries(record.versions).map(([name, version]) => property(`version.${name}`, version)),
  ]);
}
