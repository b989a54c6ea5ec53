import type { Verdict } from '../../model/check.ts';
import type {
  ComparedFigure,
  ComparedRow,
  ComparedWorkload,
  ComparisonRecord,
} from '../../model/comparison.ts';
import { exitCode } from '../../util/errors.ts';
import { intervalWords } from '../chart/intervals.ts';
import { number, plural } from '../text/units.ts';
import { ranked } from './view.ts';

type RowVerdict = ComparedRow['verdict'];

export const rowTone = {
  base: 'unsupported',
  better: 'pass',
  worse: 'fail',
  'no evidence': 'unsupported',
  'not judged': 'inconclusive',
  unsupported: 'unsupported',
} as const satisfies Record<RowVerdict, Verdict>;

export const rowMark: Record<RowVerdict, string> = {
  base: '•',
  better: '▲',
  worse: '▼',
  'no evidence': '○',
  'not judged': '?',
  unsupported: '–',
};

/** `no evidence`, or that it is as good as equal. */
export const verdictWords = ({ verdict, alike }: ComparedRow): string =>
  verdict === 'no evidence' && alike ? 'alike' : verdict;

/** Why there is a verdict of that kind, as a clause. */
export const reasonWords = (
  row: ComparedRow,
  { kind: { effect }, control }: ComparedFigure,
): string | undefined => {
  // The control's own row says it once for all.
  if (row.reason === control.reason) return undefined;
  return row.verdict === 'no evidence' && row.alike
    ? `within ±${number(effect * 100)} %, too little to matter`
    : row.reason;
};

export const pWords = (p: number | undefined): string =>
  p === undefined ? '–' : p < 0.001 ? '< 0.001' : number(Number(p.toPrecision(2)));

/** The sentence that decides, and what else there is to say. */
export function adviceParts(advice: string): [string, string] {
  const [first = '', ...more] = advice.split(/(?<=\.) (?=\p{Lu})/u);
  return [first, more.join(' ')];
}

/** `9`, or `9 and 1 of 2 in reserve`. */
export function blocksWords({ plan, trials }: Pick<ComparisonRecord, 'plan' | 'trials'>): string {
  const { blocks, reserve = 0 } = plan;
  const more = new Set(trials.map(({ block }) => block).filter((block) => block >= blocks)).size;
  return more === 0 ? String(blocks) : `${blocks} and ${more} of ${reserve} in reserve`;
}

/** What the A/A control shows, as a sentence. */
export function controlWords({ control, kind }: ComparedFigure, base: string): string {
  const { ratio, sound, reason } = control;
  if (!ratio) return `A/A control: ${reason ?? `${base} was never measured against itself`}.`;
  const said = `A/A control: ${base} measured twice differs from itself by ${intervalWords(ratio)}`;
  if (sound) return `${said}; that is the noise of this comparison.`;
  const beyond = Math.abs(Math.log(ratio.median)) > Math.log1p(kind.effect);
  if (beyond || reason === undefined)
    return `${said}, where ${number(kind.effect * 100)} % already matter: nothing is judged.`;
  return `${said}: nothing is judged, since ${reason}.`;
}

export interface ComparisonWords {
  tone: Verdict;
  headline: string;
}

/** The heading: what is better than the base, never more than was shown. */
export function headlineOf(record: ComparisonRecord): ComparisonWords {
  const { workloads, plan, exitCode: exit } = record;
  if (exit === exitCode.interrupted) return { tone: 'warn', headline: 'Interrupted before it was done' };
  const deciding = workloads.flatMap(({ figures }) => figures.slice(0, 1));
  const rows = deciding.flatMap((figure) => figure.rows);
  const has = (verdict: RowVerdict): boolean => rows.some((row) => row.verdict === verdict);
  if (!has('better') && !has('worse') && !has('no evidence')) {
    const nothing = rows.every(({ median }) => median === null);
    return { tone: 'inconclusive', headline: nothing ? 'Nothing was measured' : 'No verdict' };
  }
  if (workloads.length === 1) return ofOne(deciding[0], plan.base);
  const beaten = workloads.filter((one) => bestOf(one).length > 0);
  if (beaten.length === 0)
    return {
      tone: 'unsupported',
      headline: `Nothing beats ${plan.base} under ${plural(workloads.length, 'workload')}`,
    };
  return {
    tone: 'pass',
    headline: `${plan.base} is beaten under ${beaten.length} of ${plural(workloads.length, 'workload')}`,
  };
}

/** Better than the base in the figure that decides, the best first. */
export const bestOf = ({ figures: [figure] }: ComparedWorkload): ComparedRow[] =>
  figure ? ranked(figure).filter(({ verdict }) => verdict === 'better') : [];

function ofOne(figure: ComparedFigure | undefined, base: string): ComparisonWords {
  const of = (verdict: RowVerdict): string[] =>
    figure ? ranked(figure).flatMap((row) => (row.verdict === verdict ? [row.variant] : [])) : [];
  const [better, worse] = [of('better'), of('worse')];
  if (better.length > 0)
    return {
      tone: 'pass',
      headline: `${listed(better)} ${better.length === 1 ? 'is' : 'are'} better than ${base}`,
    };
  if (worse.length > 0) return { tone: 'unsupported', headline: `Nothing beats ${base}` };
  return { tone: 'unsupported', headline: 'No evidence of a difference' };
}

/** `lc, wlc and 3 more` */
function listed(names: string[]): string {
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  const [last, ...others] = shown.toReversed();
  return others.length === 0 ? `${last}` : `${others.toReversed().join(', ')} and ${last}`;
}
