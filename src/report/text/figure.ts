import type { Figure } from '../../model/measurement.ts';
import { enoughFor } from './percentiles.ts';
import { quantity } from './units.ts';

/**
 * A figure's value with its unit. A percentile with fewer than 10/(1-p) samples is not printed, whoever
 * computed it; a figure is a percentile when its name says so (`p99`, `p99.9 of the answers`).
 */
export function figureValue(figure: Pick<Figure, 'name' | 'value' | 'unit' | 'samples'>): string {
  const percent = /\bp(\d{1,2}(?:\.\d+)?)\b/.exec(figure.name)?.[1];
  const { samples } = figure;
  if (percent !== undefined && samples !== undefined && !enoughFor(Number(percent) / 100, samples)) {
    return '– (too few samples)';
  }
  return quantity(figure.value, figure.unit);
}
