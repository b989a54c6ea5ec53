import type { Refutation } from '../model/preconditions.ts';
import type { CheckResult } from '../model/record.ts';
import { eachOnce } from '../model/remedy.ts';
import { hostsOf } from '../model/spec.ts';
import type { Vantage } from '../model/vantage.ts';

/** A check that is judged from several vantages, and what all of them together say. */

/** What a check said, before it is a result of a run. */
export type Outcome = Partial<CheckResult> & Pick<CheckResult, 'verdict'> & { toleratesLateMs?: number };

export interface Looked extends Pick<Vantage, 'from' | 'spec'> {
  outcome: Outcome;
}

/** The first of these that any view says is what all of them say. */
const weight: CheckResult['verdict'][] = [
  'fail',
  'warn',
  'broken',
  'inconclusive',
  'pass',
  'skipped',
  'unsupported',
];

/** Figures and charts are those of the first view. */
export function merged(looked: readonly [Looked, ...Looked[]]): Outcome {
  const [first] = looked;
  if (looked.length === 1) return first.outcome;
  const verdict = weight.find((one) => looked.some(({ outcome }) => outcome.verdict === one));
  const deciding = looked.filter(({ outcome }) => outcome.verdict === verdict);
  const { figures, charts } = first.outcome;
  const lateness = deciding.flatMap(({ outcome }) => outcome.toleratesLateMs ?? []);
  const text = (key: 'expected' | 'seen' | 'cause' | 'reason'): Partial<Outcome> => {
    const said = told(deciding, looked.length, key);
    return said === '' ? {} : { [key]: said };
  };
  const remedy = eachOnce(deciding.flatMap(({ outcome }) => outcome.remedy ?? []));
  const refutes = refutedBy(looked);
  const [because] = deciding.map((one) => one.outcome.because);
  return {
    verdict: verdict ?? first.outcome.verdict,
    ...text('expected'),
    ...text('seen'),
    ...text('cause'),
    ...text('reason'),
    ...(remedy.length > 0 && { remedy }),
    ...(refutes.length > 0 && { refutes }),
    ...(because && deciding.every((one) => one.outcome.because?.check === because.check) && { because }),
    ...(figures && { figures }),
    ...(charts && { charts }),
    ...(lateness.length > 0 && { toleratesLateMs: Math.min(...lateness) }),
    vantages: looked.map(({ from, outcome }) => ({ from, verdict: outcome.verdict, ...saidOf(outcome) })),
  };
}

/** Other services are looked at by the first client alone; of its own service each client says what is true for it. */
function refutedBy(looked: readonly [Looked, ...Looked[]]): Refutation[] {
  const clientOf = ({ spec }: Looked): string => hostsOf(spec, 'client')[0]?.name ?? '';
  const [first] = looked;
  const clients = new Set(looked.map(clientOf));
  const found = new Map<string, { refutation: Refutation; by: Looked[] }>();
  for (const one of looked)
    for (const refutation of one.outcome.refutes ?? []) {
      const key = JSON.stringify([refutation.precondition, refutation.of, refutation.hosts]);
      const known = found.get(key) ?? { refutation, by: [] };
      found.set(key, { ...known, by: [...known.by, one] });
    }
  return [...found.values()].map(({ refutation, by }) => {
    const from = [...new Set(by.map(clientOf))];
    const elsewhere = by.every((one) => one !== first && clientOf(one) === clientOf(first));
    return from.length === clients.size || elsewhere ? refutation : { ...refutation, from };
  });
}

const saidOf = ({ seen, reason }: Outcome): { seen?: string } => {
  const said = seen ?? reason;
  return said === undefined ? {} : { seen: said };
};

/** «from c1: 12 of 12; from c2, behind router: 3 of 12»; what all say is said once, without anybody. */
function told(
  deciding: readonly Looked[],
  all: number,
  key: 'expected' | 'seen' | 'cause' | 'reason',
): string {
  const by = new Map<string, string[]>();
  for (const { from, outcome } of deciding) {
    const said = outcome[key];
    if (said !== undefined) by.set(said, [...(by.get(said) ?? []), from]);
  }
  const [[alike, who] = ['', []]] = by;
  if (by.size === 1 && who.length === all) return alike;
  return [...by].map(([said, from]) => `from ${from.join(' and from ')}: ${said}`).join('; ');
}
