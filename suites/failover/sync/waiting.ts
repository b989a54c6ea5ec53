import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../../../src/model/lab.ts';
import type { HostSpec } from '../../../src/model/spec.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';

/** Client ports of a director's entries of the service on this port; 0 stands for a persistence template. */
export async function portsOn(lab: Lab, director: HostSpec, vport: number): Promise<Set<number>> {
  const table = await ipvs.connections(lab.host(director.name));
  return new Set(table.filter((one) => one.vport === vport).map(({ cport }) => cport));
}

/** Flush time 2 s and check period 1 s, and as much again and more, so that «late» can be told from «never». */
const waitMs = 7_000;

/**
 * Waits until the director knows of connections from these client ports, or for as long as the daemons could take
 * and more. @returns those that it knows of.
 */
export async function knownOf(
  lab: Lab,
  director: HostSpec,
  vport: number,
  wanted: number[],
  withinMs: number = waitMs,
): Promise<number[]> {
  const start = performance.now();
  for (;;) {
    const there = await portsOn(lab, director, vport);
    const known = wanted.filter((port) => there.has(port));
    if (known.length === wanted.length || performance.now() - start > withinMs) return known;
    await sleep(100);
  }
}
