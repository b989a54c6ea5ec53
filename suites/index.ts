import type { Check } from '../src/model/check.ts';
import { anycast } from './anycast/index.ts';
import { arp } from './arp/index.ts';
import { balance } from './balance/index.ts';
import { connections } from './connections/index.ts';
import { defence } from './defence/index.ts';
import { failover } from './failover/index.ts';
import { firewall } from './firewall/index.ts';
import { ipv6 } from './ipv6/index.ts';
import { kernelShowsIpvs, rulesWithoutIpvsadm } from './kernel/index.ts';
import { latency } from './latency/index.ts';
import { loops } from './loops/index.ts';
import { offload } from './offload/index.ts';
import { path } from './path/index.ts';
import { persistence } from './persistence/index.ts';
import { scheduler } from './scheduler/index.ts';
import { state } from './state/index.ts';
import { throughput } from './throughput/index.ts';

/** Every check, in the order in which a run does them: gentle ones first, the ones that break things last. */
export const checks: Check[] = [
  ...state,
  ...arp,
  ...path,
  kernelShowsIpvs,
  ...ipv6,
  ...scheduler,
  ...balance,
  ...persistence,
  ...connections,
  ...firewall,
  ...loops,
  ...offload,
  ...defence,
  ...latency,
  ...throughput,
  ...anycast,
  ...failover,
  rulesWithoutIpvsadm,
];
