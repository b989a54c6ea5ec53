/** Load generators behind one interface, and what the hosts did meanwhile. */
export { autocannon } from './autocannon.ts';
export { type Saturated, saturatedPart } from './bottleneck.ts';
export { iperf3 } from './iperf3.ts';
export { loadRun } from './load.ts';
export { newConnections, openLoop } from './prober.ts';
export {
  type Counters,
  type CpuLoad,
  countersOf,
  type HostLoad,
  loadBetween,
  parseCounters,
} from './resources.ts';
export type * from './types.ts';
export { wrk } from './wrk.ts';
