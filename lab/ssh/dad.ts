import { readFileSync } from 'node:fs';
import { deviceOf, type HostSpec, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { LabUnavailable } from '../../src/util/errors.ts';
import { asset } from '../servers/paths.ts';
import type { Machine } from './machine.ts';

/**
 * Makes sure that nobody on the segment has a VIP before the lab uses it: RFC 5227, with shorter pauses than its
 * own, since these are LANs (three probes 200 ms apart, 800 ms to answer the last).
 * @param from a host of the lab on the segment.
 * @throws {LabUnavailable} naming the MAC address that holds a VIP, and the host when it is one of the lab's.
 */
export async function expectFree(spec: LabSpec, from: HostSpec, machine: Machine): Promise<void> {
  const program = readFileSync(asset('lab/ssh/dad.pl'), 'utf8');
  const argv = ['perl', '-', deviceOf(from), from.mac, ...vipsOf(spec)];
  const { stdout } = await machine.run(argv, 'dad.pl', { input: program });
  const [line] = stdout.toString().split('\n').filter(Boolean);
  if (line === undefined) return;
  const [vip = '', mac = ''] = line.split(' ');
  const ours = spec.hosts.find((host) => host.mac === mac);
  const who = ours ? `${ours.name} (${mac})` : `the machine with the MAC address ${mac}`;
  throw new LabUnavailable(`the VIP ${vip} is taken: ${who} answers for it on the segment of ${from.name}`, {
    hint: ours
      ? `if it is a left-over there: ip addr del ${vip} …; or choose another VIP`
      : `choose a VIP that is free; who it is: arping -I ${deviceOf(from)} ${vip} on ${from.name}`,
  });
}
