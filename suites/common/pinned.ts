import type { RemedyStep } from '../../src/model/remedy.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { deviceAt, on } from './remedy.ts';
import { nameOfMac } from './subjects.ts';

/** A neighbour entry that no ARP changes: somebody wrote it, on a client or on the router in front of it. */
export interface Pinned {
  requester: string;
  vip: string;
  mac: string;
}

export const isPermanent = (state: string): boolean => /PERMANENT/.test(state);

export function whyPinned(
  spec: LabSpec,
  { requester, vip, mac }: Pinned,
): { cause: string; remedy: RemedyStep[] } {
  const family = isIpv6(vip) ? ' -6' : '';
  return {
    cause: `${requester} has a permanent neighbour entry for ${vip} with the MAC of ${nameOfMac(spec, mac)}: nobody's ARP changes it`,
    remedy: on(requester, `ip${family} neigh del ${vip} dev ${deviceAt(spec, requester)}`),
  };
}
