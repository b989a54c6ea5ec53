import type { FigureOutcome, GatedFigure } from '../../model/history.ts';
import { type Case, property } from '../junit-case.ts';
import { oneLine } from '../text/safe.ts';
import { element, type Xml } from '../xml.ts';
import type { RunHistory } from './history.ts';
import { figureWords, gateWords } from './words.ts';

const kinds: Record<FigureOutcome, Case['kind']> = {
  regression: 'failure',
  // Seen once: a second run decides.
  suspected: 'ok',
  'not confirmed': 'ok',
  improvement: 'ok',
  'no change': 'ok',
  'not measured': 'error',
  'not enough history': 'skipped',
};

/**
 * Every figure that was judged: a confirmed regression is a `failure` where the run is to fail by it, as its exit code
 * says; where it only tells, and where a regression is only suspected, the case passes and says so.
 */
export function gateCases({ gate }: RunHistory): Case[] {
  return (gate?.figures ?? []).map((figure) =>
    gateCase(figure, gate?.baseline ?? '', gate?.failOn !== undefined),
  );
}

function gateCase(figure: GatedFigure, baseline: string, fails: boolean): Case {
  const { outcome, check, name } = figure;
  const kind = outcome === 'regression' && !fails ? 'ok' : kinds[outcome];
  const said = oneLine(`${outcome}: ${figureWords(figure)} (against ${baseline})`);
  const child =
    kind === 'ok'
      ? element('system-out', {}, [said])
      : element(kind, { ...(kind !== 'skipped' && { type: outcome }), message: said });
  return {
    kind,
    seconds: 0,
    xml: element('testcase', { classname: 'drlab.history', name: `${check} ${name}`, time: '0.000' }, [
      child,
    ]),
  };
}

export function gateProperties(history: RunHistory): Xml[] {
  const { gate } = history;
  if (!gate) return [];
  const { headline, detail } = gateWords(history);
  return [
    property('gate', headline),
    property('gate.verdict', gate.verdict),
    property('gate.confirmed', String(gate.confirmed)),
    property('gate.baseline', gate.baseline),
    property('gate.reason', detail),
  ];
}
