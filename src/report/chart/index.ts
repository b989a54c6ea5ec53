import type { Chart } from '../../model/measurement.ts';
import { type Markup, markup } from '../markup.ts';
import { barChart } from './bars.ts';
import { latencyChart } from './latency.ts';
import { timelineChart } from './timeline.ts';

/** A chart with its title and the label of where it was measured. */
export function figureOf(chart: Chart, label: string): Markup {
  return markup`<figure><figcaption>${chart.title} <small>${label}</small></figcaption>${drawn(chart)}</figure>`;
}

function drawn(chart: Chart): Markup {
  switch (chart.kind) {
    case 'latency':
      return latencyChart(chart);
    case 'timeline':
      return timelineChart(chart);
    case 'bars':
      return barChart(chart);
  }
}
