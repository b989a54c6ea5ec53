import { deviceOf, type HostSpec, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { LabUnavailable } from '../../src/util/errors.ts';
import { holdersOf } from '../base/duplicates.ts';
import type { Machine } from './machine.ts';

/**
 * Makes sure that nobody on the segment has a VIP before the lab uses it.
 * @param from a host of the lab on the segment.
 * @throws {LabUnavailable} naming the MAC address that holds a VIP, and the host when it is one of the lab's.
 */
export async function expectFree(spec: LabSpec, from: HostSpec, machine: Machine): Promise<void> {
  const device = deviceOf(from);
  const [taken] = await holdersOf(vipsOf(spec), device, async (argv) =>
    (await machine.run(argv, 'arp.pl')).stdout.toString(),
  );
  if (!taken) return;
  const [vip, mac] = taken;
  const ours = spec.hosts.find((host) => host.mac === mac);
  const who = ours ? `${ours.name} (${mac})` : `the machine with the MAC address ${mac}`;
  throw new LabUnavailable(`the VIP ${vip} is taken: ${who} answers for it on the segment of ${from.name}`, {
    hint: ours
      ? `if it is left over there: ip addr del ${vip} …; or choose another VIP`
      : `choose a VIP that is free; who it is: arping -I ${device} ${vip} on ${from.name}`,
  });
}
