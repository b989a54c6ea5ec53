/** Every time limit of drlab, in one place, in milliseconds. */
export const timeoutMs = {
  /** One command on a host. */
  exec: 30_000,
  /** A daemon that should be ready: real servers listening, prober answering. */
  ready: 120_000,
  /** The lab's configuration has settled: one VIP holder, every real server in the table. */
  settled: 60_000,
  /** A whole lab, from nothing to settled. */
  labUp: 180_000,
  /** From starting a sandbox to the first sign of life from inside. */
  sandboxStart: 60_000,
  /** From the last word from inside a sandbox to its end. */
  sandboxEnd: 3_000,
  /** Longest silence from inside a sandbox before it counts as hung (it sends heartbeats every 2 s). */
  silence: 90_000,
  /** One check, observing and judging. */
  check: 180_000,
  /** One connection attempt of a probe on a lab of ours. */
  connect: 2_000,
} as const;
