import type { CheckResult, RunRecord } from '../../model/record.ts';
import { stepLine } from '../../model/remedy.ts';
import { conclude } from '../conclusion.ts';
import { composition } from '../html/lab.ts';
import { faultLines } from '../random/terminal.ts';
import { fidelityLabel, otherLabel } from '../text/fidelity.ts';
import { figureValue } from '../text/figure.ts';
import { headlineOf, likenessOf } from '../text/likely.ts';
import { type Paint, paintFor } from '../text/paint.ts';
import { consequencesText, type Rooted, rooted } from '../text/roots.ts';
import { oneLine, plain } from '../text/safe.ts';
import { took } from '../text/took.ts';
import { didNotSettle } from '../text/unsettled.ts';
import {
  bySuite,
  claimMark,
  countVerdicts,
  outcomeMark,
  verdictMark,
  verdictOrder,
} from '../text/verdicts.ts';
import { byWhose, hasParts, whoseWords } from '../text/whose.ts';
import { hanging, wrap } from '../text/wrap.ts';
import { checkLine, detailLines } from './check-lines.ts';
import { gateLines } from './gate.ts';

/** The run on a terminal: counts, figures, whatever needs a look, and the conclusion last. */
export function terminalSummary(record: RunRecord, o: { color: boolean; width: number }): string {
  const paint = paintFor(o.color);
  const width = Math.max(40, o.width);
  const blocks = [
    head(record, paint, width),
    ...byWhose(record.results).map(({ of, results }) => [
      ...(hasParts(record.results) ? [paint.bold(whoseWords[of].heading)] : []),
      ...suites(results, paint),
    ]),
    figures(record, paint),
    rooted(record.results).flatMap((one) => finding(one, paint, width)),
    claimed(record, paint, width),
    likely(record, paint, width),
    mutants(record, paint, width),
    (record.random?.faults ?? []).flatMap((fault) => faultLines(fault, paint, width)),
    (record.unsettled ?? []).flatMap((lab) => hanging('', oneLine(didNotSettle(lab)), 0, 0, width)),
    record.faults.flatMap(({ message, hint }) => [
      ...hanging('', `the run itself: ${plain(message)}`, 0, 0, width),
      ...(hint === undefined ? [] : hanging('', plain(hint), 2, 0, width)),
    ]),
    gateLines(record, paint, width),
    ending(record, paint, width),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

/** With what follows from it in one paragraph: each is in the lines of the run, and in the report. */
function finding({ root, consequences }: Rooted, paint: Paint, width: number): string[] {
  const following =
    consequences.length === 0
      ? []
      : hanging('therefore', consequencesText(consequences, { ids: true }), 4, 12, width);
  return [checkLine(root, paint, width), ...detailLines(root, paint, width), ...following];
}

function head(record: RunRecord, paint: Paint, width: number): string[] {
  const spec = record.lab.spec;
  const about = `lab ${oneLine(spec.name)}: ${composition(spec)}; ${fidelityLabel(record.fidelity)}; ${took(record)}`;
  return wrap(about, width).map(paint.dim);
}

function suites(results: CheckResult[], paint: Paint): string[] {
  return bySuite(results).map(({ suite, results: own }) => {
    const counts = countVerdicts(own);
    const parts = [...verdictOrder]
      .reverse()
      .filter((verdict) => counts[verdict] > 0)
      .map((verdict) => paint.verdict(verdict, `${verdictMark[verdict]} ${counts[verdict]} ${verdict}`));
    return `${suite.padEnd(11)} ${parts.join('  ')}`;
  });
}

function figures(record: RunRecord, paint: Paint): string[] {
  const rows = record.results.flatMap((result) =>
    result.figures.map((figure) => ({
      what: `${oneLine(result.id).padEnd(8)} ${oneLine(figure.name)}`,
      value: `${oneLine(figureValue(figure))}${otherLabel(result, record)}`,
    })),
  );
  if (rows.length === 0) return [];
  const column = Math.max(...rows.map(({ what }) => what.length));
  return [
    paint.dim(`figures (${fidelityLabel(record.fidelity)})`),
    ...rows.map(({ what, value }) => `  ${what.padEnd(column)}  ${value}`),
  ];
}

function claimed({ claims = [] }: RunRecord, paint: Paint, width: number): string[] {
  const tone = { true: 'pass', partly: 'warn', false: 'fail', open: 'inconclusive' } as const;
  return claims.flatMap(({ id, verdict, statement }) =>
    hanging(
      `${paint.verdict(tone[verdict], `${claimMark[verdict]} ${verdict.padEnd(6)}`)} ${id} `,
      oneLine(statement),
      0,
      13,
      width,
    ),
  );
}

/** What the failures, taken together, look like. */
function likely({ diagnosis = [] }: RunRecord, paint: Paint, width: number): string[] {
  if (diagnosis.length === 0) return [];
  return [
    paint.bold('Likely cause'),
    ...diagnosis.flatMap((one, i) => [
      ...hanging(`${i + 1}. `, oneLine(headlineOf(one)), 0, 3, width),
      ...hanging('', paint.dim(oneLine(likenessOf(one))), 3, 0, width),
      ...(one.remedy ?? []).flatMap((step) => {
        const columns = 'run' in step ? Number.POSITIVE_INFINITY : width;
        return hanging('remedy: ', oneLine(stepLine(step)), 3, 6, columns);
      }),
      ...(one.apart === undefined ? [] : hanging('', paint.dim(`apart: ${oneLine(one.apart)}`), 3, 0, width)),
    ]),
  ];
}

function mutants(record: RunRecord, paint: Paint, width: number): string[] {
  const asVerdict = {
    killed: 'pass',
    survived: 'fail',
    'wrong-reason': 'warn',
    'no-verdict': 'inconclusive',
    unsupported: 'unsupported',
  } as const;
  return (record.mutants ?? []).flatMap((mutant) => {
    const { outcome } = mutant;
    const name = `${oneLine(mutant.check).padEnd(8)} ${oneLine(mutant.mutant)}`;
    const line = `${paint.verdict(asVerdict[outcome], `${outcomeMark[outcome]} ${outcome.padEnd(12)}`)} ${name}`;
    if (outcome === 'killed') return [line];
    return [
      line,
      ...hanging(
        '',
        `${oneLine(mutant.breaks)}; the check said ${mutant.verdict}: ${oneLine(mutant.seen)}`,
        4,
        0,
        width,
      ),
    ];
  });
}

function ending(record: RunRecord, paint: Paint, width: number): string[] {
  const { headline, detail, outcome } = conclude(record);
  const tone = {
    conformant: 'pass',
    nothingRan: 'unsupported',
    inconclusive: 'inconclusive',
    interrupted: 'warn',
    notConformant: 'fail',
  } as const;
  const lines = wrap(`${headline}: ${oneLine(detail)}.`, width);
  return lines.map((line, index) =>
    index === 0 && line.startsWith(headline)
      ? paint.bold(paint.verdict(tone[outcome], headline)) + line.slice(headline.length)
      : line,
  );
}
