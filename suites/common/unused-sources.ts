import { freeAddresses } from '../../src/model/free-addresses.ts';
import { deviceOf, type HostSpec, type LabSpec } from '../../src/model/spec.ts';
import type { Flood } from '../../src/probe/flood.ts';
import { CannotHere, messageOf } from '../../src/util/errors.ts';

/**
 * Source addresses that nobody has: crafted segments can come from them, and whatever is sent back is lost, so
 * that no kernel resets what a check acts out. From the middle of the network, away from those that labs hand out.
 * @throws {CannotHere} when the network has not that many.
 */
export function unusedSources(spec: LabSpec, n: number): string[] {
  try {
    return freeAddresses(spec, n, { from: 'middle' });
  } catch (cause) {
    throw new CannotHere(messageOf(cause), { cause });
  }
}

/** How frames from an unused source leave the client for a service. */
export const sentFrom = (
  srcIp: string,
  { client, directorSpec, service }: { client: HostSpec; directorSpec: HostSpec; service: { vip: string } },
): Pick<Flood, 'srcMac' | 'dstMac' | 'srcIp' | 'dstIp'> & { device: string } => ({
  srcMac: client.mac,
  dstMac: directorSpec.mac,
  srcIp,
  dstIp: service.vip,
  device: deviceOf(client),
});
