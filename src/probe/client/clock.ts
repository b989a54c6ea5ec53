/**
 * CLOCK_MONOTONIC: the same clock in every process on one kernel, so that the program on a client and the one
 * that injects faults agree on times without talking about it.
 */

export function nowNs(): bigint {
  return process.hrtime.bigint();
}

export function msSince(startNs: bigint): number {
  return Number(process.hrtime.bigint() - startNs) / 1e6;
}

export function usSince(startNs: bigint): number {
  return Number(process.hrtime.bigint() - startNs) / 1e3;
}
