import type { ComparisonRecord } from '../../../model/comparison.ts';
import type { Fidelity } from '../../../model/record.ts';
import type { BegunComparison } from '../../../model/state.ts';
import type { Launched } from '../launch.ts';
import type { VariantSandbox } from './sandboxes.ts';

/** What the sandboxes said about themselves. */
export class Heard {
  readonly fidelities: Map<string, Fidelity>;
  readonly faults: ComparisonRecord['faults'] = [];
  readonly trials = new Map<string, ComparisonRecord['sandboxTrials'][number]>();
  kernel: string | undefined;

  constructor(before: BegunComparison['heard']) {
    this.fidelities = new Map(before?.fidelities);
    this.kernel = before?.kernel;
  }

  launched(sandbox: VariantSandbox, { events, problem }: Launched): void {
    for (const trial of sandbox.choice.trials) this.trials.set(trial.sandbox, trial);
    for (const event of events) {
      if (event.type === 'fidelity') this.fidelities.set(sandbox.name, event.fidelity);
      if (event.type === 'hello') this.kernel ??= event.kernel;
      if (event.type === 'fault')
        this.faults.push({ message: event.message, ...(event.hint !== undefined && { hint: event.hint }) });
    }
    if (problem !== undefined && problem !== 'interrupted')
      this.faults.push({
        message: problem,
        hint: 'raw/console-trials.log shows what the guest printed last',
      });
  }
}
