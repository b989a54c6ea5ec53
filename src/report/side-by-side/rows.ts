import type { Suite, Verdict } from '../../model/check.ts';
import type { RunRecord } from '../../model/record.ts';
import { suiteOrder } from '../text/verdicts.ts';
import { type Difference, differencesOf } from './differences.ts';
import { type FidelityGroup, groupsOf, type ShownRun } from './groups.ts';

export interface CheckRow {
  id: string;
  suite: Suite;
  title: string;
  /** One per run; undefined where the run did not have the check. */
  verdicts: (Verdict | undefined)[];
  changed: boolean;
}

/** Several runs side by side, as data. */
export interface SideBySide {
  runs: ShownRun[];
  /** What was not the same in all runs: versions, machine, lab. */
  differences: Difference[];
  /** Changed ones first, then as suites go. */
  checks: CheckRow[];
  /** Figures stand side by side only inside a group. */
  groups: FidelityGroup[];
}

export function sideBySideOf(records: RunRecord[]): SideBySide {
  const runs = records.map((record, index) => ({ letter: letterOf(index), record }));
  return { runs, differences: differencesOf(records), checks: checksOf(records), groups: groupsOf(runs) };
}

function checksOf(records: RunRecord[]): CheckRow[] {
  const all = records.flatMap((record) => record.results);
  const ids = [...new Set(all.map((result) => result.id))];
  const checks = ids.flatMap((id) => {
    const one = all.find((result) => result.id === id);
    if (!one) return [];
    const verdicts = records.map((record) => record.results.find((result) => result.id === id)?.verdict);
    return [{ id, suite: one.suite, title: one.title, verdicts, changed: new Set(verdicts).size > 1 }];
  });
  const order = (check: CheckRow): number => suiteOrder.indexOf(check.suite) - (check.changed ? 100 : 0);
  return checks.sort((a, b) => order(a) - order(b));
}

/** One sentence for the top of every form. */
export function changesSentence({ runs, checks }: SideBySide): string {
  const changed = checks.filter((check) => check.changed);
  if (checks.length === 0) return 'No checks to compare.';
  if (changed.length === 0) return `No verdict differs among ${checks.length} checks of ${runs.length} runs.`;
  const ids = changed.slice(0, 8).map(({ id }) => id);
  const more = changed.length - ids.length;
  return `${changed.length} of ${checks.length} verdicts ${changed.length === 1 ? 'differs' : 'differ'}: ${ids.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

const letterOf = (index: number): string => (index < 26 ? String.fromCharCode(65 + index) : `R${index + 1}`);
