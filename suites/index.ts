import type { Check } from '../src/model/check.ts';
import { arp } from './arp/index.ts';
import { failover } from './failover/index.ts';
import { latency } from './latency/index.ts';
import { path } from './path/index.ts';
import { scheduler } from './scheduler/index.ts';
import { throughput } from './throughput/index.ts';

/** Every check, in the order in which a run does them: gentle ones first, the ones that break things last. */
export const checks: Check[] = [...arp, ...path, ...scheduler, ...latency, ...throughput, ...failover];
