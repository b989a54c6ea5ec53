import { machineFacts, toolVersions } from '../../../../lab/machine/index.ts';
import type { ComparisonPlan, ComparisonRecord, TrialRecord } from '../../../model/comparison.ts';
import type { BegunComparison } from '../../../model/state.ts';
import { comparisonVersion } from '../../../model/versions.ts';
import { mergeHistograms } from '../../../probe/histogram.ts';
import { comparedWorkloads, exitOfComparison } from '../../../run/compare/record.ts';
import type { Heard } from './heard.ts';
import { type ComparedLabs, workloadOf } from './labs.ts';
import { sandboxName } from './sandboxes.ts';

/** The record of a comparison, as far as it came. */
export async function assembled(
  begun: BegunComparison,
  labs: ComparedLabs,
  trials: TrialRecord[],
  heard: Heard,
  aborted: boolean,
): Promise<ComparisonRecord> {
  const { id, commandLine, startedAt, drlab, lab, variants } = begun;
  const [machine, versions] = await Promise.all([machineFacts(), toolVersions()]);
  const plan: ComparisonPlan = begun.plan ?? {
    ...{ seed: begun.wanted.seed, base: begun.wanted.base, blocks: 0, fewest: 0, trialMs: 0 },
    ...{ changes: begun.wanted.changes, rates: [], order: [] },
  };
  const finishedAt = new Date().toISOString();
  const workloads = begun.workloads.map((each) => {
    const { title, description, figures } = workloadOf(each);
    return { id: each, title, description, figures };
  });
  const record: ComparisonRecord = {
    version: comparisonVersion,
    command: 'compare',
    id,
    commandLine,
    startedAt,
    finishedAt,
    durationMs: Date.parse(finishedAt) - Date.parse(startedAt),
    drlab,
    machine,
    versions: {
      ...(heard.kernel === undefined ? {} : { 'kernel in the sandbox': heard.kernel }),
      ...versions,
    },
    lab,
    sandboxTrials: [...heard.trials.values()],
    fidelities: [...heard.fidelities].map(([sandbox, fidelity]) => ({
      variants: variants.filter((variant) => sandboxName(variant) === sandbox).map(({ name }) => name),
      fidelity,
    })),
    plan,
    variants,
    trials,
    workloads: [],
    faults: heard.faults,
    exitCode: 0,
  };
  record.workloads = comparedWorkloads(record, workloads, {
    pooled: mergeHistograms,
    serversOf: (workload, variant) => labs.serversOf(workload, variant),
  });
  record.exitCode = exitOfComparison(record, aborted);
  return record;
}
