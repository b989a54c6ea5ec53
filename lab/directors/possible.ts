import { kindsThat, traitsOf } from '../../src/model/director-kinds.ts';
import { type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { LabUnavailable, NotInLab } from '../../src/util/errors.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { orList } from '../../src/util/words.ts';

/**
 * @throws {NotInLab} for a VIP that is an IPv6 address, which this kind of director is not set up for yet.
 * @throws {LabUnavailable} for a driver that cannot make room for it.
 */
export function expectPossible(spec: LabSpec): void {
  const { kind } = spec.director;
  const { ipv6, notOn } = traitsOf(spec);
  const no = notOn[spec.driver.kind];
  if (no) throw new LabUnavailable(`${no.why}: take ${no.instead}`);
  const vip = ipv6 ? undefined : vipsOf(spec).find(isIpv6);
  if (vip === undefined) return;
  const able = orList(kindsThat((traits) => traits.ipv6));
  throw new NotInLab(`drlab sets up ${kind} directors for IPv4 only, and ${vip} is IPv6: take ${able}`);
}
