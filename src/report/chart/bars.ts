import type { BarChart } from '../../model/measurement.ts';
import type { Markup } from '../markup.ts';
import { markup } from '../markup.ts';
import { shortened } from '../text/safe.ts';
import { quantity } from '../text/units.ts';
import { fromZero } from './scale.ts';
import { line, rect, svg, text, textWidth, type Width, widths } from './svg.ts';

/** Bars with the expected value, where there is one, as a mark across. */
export function barChart(chart: BarChart): Markup {
  const expected = chart.bars.some((bar) => bar.expected !== undefined);
  return markup`${widths.map((width) => drawing(chart, width))}${
    expected && markup`<ul class="keys"><li><span class="tick"></span>expected</li></ul>`
  }`;
}

function drawing({ title, unit, bars }: BarChart, width: Width): Markup {
  const most = width.name === 'wide' ? 30 : 16;
  const names = bars.map(({ name }) => shortened(name, most));
  const values = bars.map(({ value }) => quantity(value, unit));
  const left = Math.max(40, ...names.map(textWidth)) + 10;
  const right = width.px - Math.max(40, ...values.map(textWidth)) - 12;
  const step = bars.length > 24 ? 16 : 26;
  const max = Math.max(0, ...bars.flatMap(({ value, expected }) => [value, expected ?? 0]));
  const x = fromZero(max, left, right, width.name === 'wide' ? 5 : 2);
  const height = bars.length * step + 6;
  return svg(width, height, `${title}, in ${unit}`, [
    ...bars.flatMap(({ name, value, expected }, index) => {
      const top = index * step + 4;
      const end = Math.max(left, x(Math.max(0, value)));
      const after = Math.max(end, expected === undefined ? 0 : x(expected));
      return [
        text(left - 8, top + step / 2 + 2, names[index] ?? name, '', 'end'),
        rect(left, top + 2, end - left, step - 6, 'bar', `${name}: ${values[index]}`),
        ...(expected === undefined
          ? []
          : [rect(x(expected) - 1, top - 1, 2.5, step, 'expected', `expected: ${quantity(expected, unit)}`)]),
        text(after + 8, top + step / 2 + 2, values[index] ?? ''),
      ];
    }),
    line(left, 0, left, height, 'axis'),
  ]);
}
