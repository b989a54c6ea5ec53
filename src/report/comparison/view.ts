import type { ComparedFigure, ComparedRow, ComparisonRecord, TrialRecord } from '../../model/comparison.ts';
import type { Bytes } from '../../model/return-path.ts';
import { fidelityLabel } from '../text/fidelity.ts';

const order: ComparedRow['verdict'][] = [
  'base',
  'better',
  'no evidence',
  'not judged',
  'worse',
  'unsupported',
];

/** The base, then the best first. */
export function ranked({ rows, kind }: ComparedFigure): ComparedRow[] {
  const sign = kind.better === 'lower' ? 1 : -1;
  const by = (row: ComparedRow): number => sign * (row.ratio?.median ?? 1);
  return rows.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict) || by(a) - by(b));
}

/** A variant has one colour and dash in all charts of a report. */
export const indexIn =
  ({ variants }: ComparisonRecord) =>
  (name: string): number =>
    Math.max(
      0,
      variants.findIndex((variant) => variant.name === name),
    );

/** Variants that may stand on one axis, by the label of where they were measured. */
export function axesOf({ fidelities }: ComparisonRecord): { label: string; variants: string[] }[] {
  const axes = new Map<string, string[]>();
  for (const { variants, fidelity } of fidelities) {
    const label = fidelityLabel(fidelity);
    axes.set(label, [...(axes.get(label) ?? []), ...variants]);
  }
  return [...axes].map(([label, variants]) => ({ label, variants }));
}

/** All that was served to one variant under one workload, its control left out. */
export interface Served {
  variant: string;
  trials: number;
  inconclusive: number;
  planned: number;
  good: number;
  errors: Record<string, number>;
  /** Of trials in which they were counted. */
  director?: Bytes;
  client?: Bytes;
  /** Parts that were at their limit, with the number of trials. */
  saturated: Record<string, number>;
}

export function servedOf({ trials, variants }: ComparisonRecord, workload: string): Served[] {
  return variants.flatMap(({ name }) => {
    const own = trials.filter((one) => one.workload === workload && one.variant === name && !one.control);
    return own.length === 0 ? [] : [totalOf(name, own)];
  });
}

function totalOf(variant: string, own: TrialRecord[]): Served {
  const sum = (of: (trial: TrialRecord) => number): number => own.reduce((total, one) => total + of(one), 0);
  const errors: Record<string, number> = {};
  const saturated: Record<string, number> = {};
  for (const trial of own) {
    for (const [kind, count] of Object.entries(trial.errors)) errors[kind] = (errors[kind] ?? 0) + count;
    const part = trial.saturated ?? 'nothing';
    if (part !== 'nothing') saturated[part] = (saturated[part] ?? 0) + 1;
  }
  const [director, client] = [own.map((one) => one.directorBytes), own.map((one) => one.clientBytes)].map(
    bytesOf,
  );
  return {
    variant,
    trials: own.length,
    inconclusive: own.filter(({ inconclusive }) => inconclusive !== undefined).length,
    planned: sum(({ planned }) => planned),
    good: sum(({ good }) => good),
    errors,
    saturated,
    ...(director && { director }),
    ...(client && { client }),
  };
}

function bytesOf(counted: (Bytes | undefined)[]): Bytes | undefined {
  const all = counted.filter((one) => one !== undefined);
  if (all.length === 0) return undefined;
  return all.reduce((sum, one) => ({ in: sum.in + one.in, out: sum.out + one.out }), { in: 0, out: 0 });
}

/** A figure of a variant, block by block. */
export function valuesOf(
  { trials, plan }: ComparisonRecord,
  workload: string,
  figure: string,
  variant: string,
  control = false,
): (number | undefined)[] {
  const blocks = Math.max(plan.blocks, ...trials.map(({ block }) => block + 1));
  const values = Array.from({ length: blocks }, (): number | undefined => undefined);
  for (const trial of trials) {
    if (trial.workload === workload && trial.variant === variant && trial.control === control)
      values[trial.block] = trial.figures[figure];
  }
  return values;
}
