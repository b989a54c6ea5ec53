import type { FigureKind } from '../../src/model/comparison.ts';
import type { Histogram } from '../../src/model/measurement.ts';
import { mergeHistograms, percentile } from '../../src/probe/histogram.ts';

/** What a trial came to, as its figures are taken from. */
export interface Answers {
  streams: {
    kind: 'connect' | 'established' | 'udp';
    planned: number;
    histogram: Histogram;
  }[];
}

/** A figure that a workload can be judged by, and how it is taken; undefined where there is too little. */
export interface TakenFigure extends FigureKind {
  of(answers: Answers): number | undefined;
}

const only = (answers: Answers, kind: 'connect' | 'established') =>
  answers.streams.filter((stream) => stream.kind === kind);

const latencyMs = (p: number, kind: 'connect' | 'established') => (answers: Answers) => {
  const us = percentile(mergeHistograms(only(answers, kind).map(({ histogram }) => histogram)), p);
  return us === undefined ? undefined : us / 1000;
};

/** Latencies are from the planned time to the whole answer. What is below the effect matters to nobody here. */
export const median: TakenFigure = {
  name: 'median of new connections',
  unit: 'ms',
  better: 'lower',
  effect: 0.1,
  of: latencyMs(0.5, 'connect'),
};

export const p90: TakenFigure = {
  name: 'p90 of new connections',
  unit: 'ms',
  better: 'lower',
  effect: 0.15,
  of: latencyMs(0.9, 'connect'),
};

export const heartbeats: TakenFigure = {
  name: 'p90 on open connections',
  unit: 'ms',
  better: 'lower',
  effect: 0.25,
  of: latencyMs(0.9, 'established'),
};

export const answered: TakenFigure = {
  name: 'answered new connections',
  unit: '%',
  better: 'higher',
  effect: 0.02,
  of: (answers) => {
    const streams = only(answers, 'connect');
    const planned = streams.reduce((sum, stream) => sum + stream.planned, 0);
    const good = streams.reduce((sum, stream) => sum + stream.histogram.count, 0);
    return planned === 0 ? undefined : (100 * good) / planned;
  },
};
