import type { ComparedFigure, ComparedWorkload, ComparisonRecord } from '../../model/comparison.ts';
import { type BlockSeries, blockChart } from '../chart/blocks.ts';
import { type IntervalRow, intervalChart } from '../chart/intervals.ts';
import { latencyChart } from '../chart/latency.ts';
import { type Markup, markup } from '../markup.ts';
import { percent, quantity } from '../text/units.ts';
import { servedTable, sharesTable } from './served.ts';
import { figureTable } from './table.ts';
import { axesOf, indexIn, ranked, servedOf, valuesOf } from './view.ts';
import { adviceParts, controlWords, rowMark, rowTone } from './words.ts';

interface Axis {
  label: string;
  variants: string[];
}

/** One load: the verdicts first, then what they rest on. */
export function workloadSection(record: ComparisonRecord, one: ComparedWorkload): Markup {
  const { workload, figures, advice } = one;
  const [first, ...more] = figures;
  const others = more.filter(({ rows }) => rows.some(({ median }) => median !== null));
  const [decided, rest] = adviceParts(advice);
  const alone = record.workloads.length === 1;
  const axes = axesOf(record);
  const rate = record.plan.rates?.find((each) => each.workload === workload.id);
  return markup`<section id="w-${workload.id}" class="workload"><h2>${workload.title} <small><code>${workload.id}</code></small></h2>
${!alone && markup`<p class="advice"><b>${decided}</b> ${rest}</p>`}
${first && figureBlock(first, record, axes)}
<p class="soft">${workload.description}${rate?.why !== undefined && markup` Asked at ${quantity(rate.rateHz, 'requests/s')}: ${rate.why}.`}</p>
${others.map((figure) => markup`<h3>${figure.kind.name}</h3>${figureBlock(figure, record, axes, differs(figure))}`)}
${axes.map((axis) => curves(one, record, axis))}
${sharesTable(one.balance)}${servedTable(servedOf(record, workload.id))}
${first && axes.map((axis) => drift(first, workload.id, record, axis))}</section>`;
}

/** A chart of intervals that all say «nothing» would only be in the way. */
const differs = ({ rows }: ComparedFigure): boolean =>
  rows.some(({ verdict }) => verdict === 'better' || verdict === 'worse');

function figureBlock(figure: ComparedFigure, record: ComparisonRecord, axes: Axis[], drawn = true): Markup {
  const { base } = record.plan;
  const axis = axes.find(({ variants }) => variants.includes(base)) ?? { label: '', variants: [] };
  const sound = figure.control.sound;
  return markup`${figureTable(figure, base)}
<p class="${sound ? 'soft' : 'v-inconclusive'}">${controlWords(figure, base)}</p>
${drawn && intervalFigure(figure, base, axis)}`;
}

/** Only variants that were measured in the same kind of place as the base stand on its axis. */
function intervalFigure(figure: ComparedFigure, base: string, { label, variants }: Axis): Markup {
  const { kind, control } = figure;
  const rows = ranked(figure).flatMap(({ variant, ratio, verdict }): IntervalRow[] =>
    ratio && variants.includes(variant)
      ? [{ name: variant, ratio, tone: rowTone[verdict], mark: rowMark[verdict] }]
      : [],
  );
  if (control.ratio)
    rows.push({
      name: `${base} (A/A)`,
      ratio: control.ratio,
      tone: control.sound ? 'unsupported' : 'inconclusive',
      mark: control.sound ? '✓' : '?',
    });
  if (rows.length === 0) return markup``;
  const { effect, better, name } = kind;
  return markup`<figure><figcaption>${name} against ${base}, 95 % intervals <small>shaded: a change of less than ${percent(effect)} does not matter · ${label}</small></figcaption>${intervalChart({ title: name, base, effect, better, rows })}</figure>`;
}

function curves(
  { histograms }: ComparedWorkload,
  record: ComparisonRecord,
  { label, variants }: Axis,
): Markup {
  const series = histograms
    .filter(({ variant }) => variants.includes(variant))
    .map(({ variant, histogram }) => ({ name: variant, histogram }));
  if (series.length === 0) return markup``;
  const chart = latencyChart(
    { kind: 'latency', title: 'Latency', series },
    { indexOf: indexIn(record), named: true },
  );
  return markup`<figure><figcaption>Latency by percentile, all blocks together <small>from planned times; a curve ends where its samples do · ${label}</small></figcaption>${chart}</figure>`;
}

function drift(
  figure: ComparedFigure,
  workload: string,
  record: ComparisonRecord,
  { label, variants }: Axis,
): Markup {
  const { name, unit } = figure.kind;
  const { base } = record.plan;
  const indexOf = indexIn(record);
  const series = variants.map(
    (variant): BlockSeries => ({
      name: variant,
      index: indexOf(variant),
      values: valuesOf(record, workload, name, variant),
    }),
  );
  if (variants.includes(base))
    series.push({
      name: `${base} (A/A)`,
      index: record.variants.length,
      values: valuesOf(record, workload, name, base, true),
    });
  const measured = series.filter(({ values }) => values.some((value) => value !== undefined));
  if (measured.length === 0) return markup``;
  return markup`<figure><figcaption>${name}, block by block <small>drift in time moves all variants alike, and the ratios leave it out · ${label}</small></figcaption>${blockChart({ title: name, unit, series: measured })}</figure>`;
}
