/**
 * CLOCK_MONOTONIC: the same clock in every process on one kernel, so that the program on a client and the one
 * that injects faults agree on times without talking about it, as long as they are on one kernel.
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

/**
 * A moment on the clock of the program on a client, as a moment on ours. On one kernel it is the same clock. On a
 * machine of its own the clocks have nothing in common, but the moment is `leadMs` after the answer was sent; so
 * there it is wrong by as long as the answer was on the way.
 * @param leadMs from sending the answer to the moment
 */
export function onOurClock(
  momentNs: bigint,
  call: { askedNs: bigint; answeredNs: bigint },
  leadMs: number,
): bigint {
  const leadNs = BigInt(leadMs * 1e6);
  const oneClock = momentNs >= call.askedNs && momentNs <= call.answeredNs + leadNs;
  return oneClock ? momentNs : call.answeredNs + leadNs;
}
