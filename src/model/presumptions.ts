import type { Check, Suite } from './check.ts';
import type { Precondition } from './preconditions.ts';

/** What checks of a suite need to mean anything, unless they say otherwise. */
const presumedBySuite: { [name in Suite]?: readonly Precondition[] } = {
  scheduler: ['allServersAnswer'],
  balance: ['allServersAnswer'],
  persistence: ['allServersAnswer'],
  latency: ['vipAtDirector', 'framesToDirector', 'allServersAnswer'],
  throughput: ['vipAtDirector', 'framesToDirector', 'allServersAnswer'],
  failover: ['vipAtDirector', 'framesToDirector', 'allServersAnswer'],
};

export const presumedBy = ({ suite, presumes }: Pick<Check, 'suite' | 'presumes'>): readonly Precondition[] =>
  presumes ?? presumedBySuite[suite] ?? [];
