import type { Figure } from '../../src/model/measurement.ts';

/** Median and worst of some latencies in µs, in ms. They are reported, never judged: they depend on how busy the machine is. */
export function latencies(name: string, samplesUs: number[]): Figure[] {
  const sorted = [...samplesUs].sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0) / 1000;
  const common = { unit: 'ms', samples: sorted.length, better: 'lower' as const };
  return [
    { name: `${name}, median`, value: at(0.5), ...common },
    { name: `${name}, worst`, value: at(1), ...common },
  ];
}
