import { type Markup, markup } from '../markup.ts';
import { quantity } from '../text/units.ts';
import { type End, endLabels, endRoom } from './end-labels.ts';
import { between, logarithmic } from './scale.ts';
import { circle, colour, dash, line, path, px, svg, text, textWidth, type Width, widths } from './svg.ts';

export interface BlockSeries {
  name: string;
  /** Of its colour and dash. */
  index: number;
  /** A value per block, from the first on; undefined where the block gave none. */
  values: (number | undefined)[];
}

export interface BlockChart {
  title: string;
  unit: string;
  series: BlockSeries[];
}

/** A figure block by block: what drifts in time moves all lines alike. */
export function blockChart(chart: BlockChart): Markup {
  const keys = chart.series.map(
    ({ name, index }) =>
      markup`<li><svg class="key" viewBox="0 0 26 8" aria-hidden="true"><path d="M1 4H25" class="curve ${colour(index)} ${dash(index)}"/></svg>${name}</li>`,
  );
  return markup`${widths.map((width) => drawing(chart, width))}<ul class="keys">${keys}</ul>`;
}

function drawing({ title, unit, series }: BlockChart, width: Width): Markup {
  const all = series.flatMap(({ values }) => values.filter((value) => value !== undefined));
  if (all.length === 0) return markup``;
  const wide = width.name === 'wide';
  const [top, bottom] = [12, wide ? 212 : 182];
  const [min, max] = [Math.min(...all), Math.max(...all)];
  const far = min > 0 && max / min > 8;
  const y = far ? logarithmic(min, max, bottom, top, 6) : between(min, max, bottom, top, 5);
  const labels = y.ticks.map((value) => quantity(Number(value.toPrecision(10)), unit));
  const left = Math.max(...labels.map(textWidth)) + 10;
  const right = width.px - (wide ? endRoom(series.map(({ name }) => name)) : 10);
  const blocks = Math.max(...series.map(({ values }) => values.length));
  const x = (block: number): number =>
    blocks === 1 ? (left + right) / 2 : left + 8 + (block / (blocks - 1)) * (right - left - 16);
  const every = Math.ceil(blocks / ((right - left) / 26));
  const ends: End[] = series.flatMap(({ name, values }) => {
    const last = values.findLastIndex((value) => value !== undefined);
    return last < 0 ? [] : [{ name, x: x(last), y: y(values[last] ?? min) }];
  });
  return svg(width, bottom + 36, `${title}, block by block`, [
    ...y.ticks.flatMap((value, i) => [
      line(left, y(value), right, y(value), 'grid'),
      text(left - 7, y(value) + 4, labels[i] ?? '', '', 'end'),
    ]),
    ...Array.from({ length: blocks }, (_, block) => block)
      .filter((block) => block % every === 0)
      .map((block) => text(x(block), bottom + 16, String(block + 1), '', 'middle')),
    text((left + right) / 2, bottom + 32, 'block', 'soft', 'middle'),
    ...series.flatMap(({ name, index, values }) => [
      path(strokes(values, x, y), `curve ${colour(index)} ${dash(index)}`, name),
      ...values.flatMap((value, block) =>
        value === undefined
          ? []
          : [
              circle(
                x(block),
                y(value),
                2.6,
                `spot ${colour(index)}`,
                `${name}, block ${block + 1}: ${quantity(value, unit)}`,
              ),
            ],
      ),
    ]),
    ...(wide ? endLabels(ends, { right, top, bottom }) : []),
  ]);
}

/** One line, started again after a gap. */
function strokes(
  values: (number | undefined)[],
  x: (block: number) => number,
  y: (value: number) => number,
): string {
  return values
    .map((value, block) =>
      value === undefined
        ? ''
        : `${block === 0 || values[block - 1] === undefined ? 'M' : 'L'}${px(x(block))} ${px(y(value))}`,
    )
    .join('');
}
