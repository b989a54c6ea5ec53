import { driverTraitsOf } from '../../src/model/driver-traits.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import { NotInLab } from '../../src/util/errors.ts';

/**
 * For a stage or mutant that wants the hosts otherwise than the lab has them.
 * @param keep what hosts do that drlab did not make; it follows «existing machines».
 * @throws {NotInLab} where it did not make them.
 */
export function expectReshapable(spec: LabSpec, keep: string): void {
  const { existingHosts } = driverTraitsOf(spec);
  if (existingHosts !== undefined) throw new NotInLab(`${existingHosts} ${keep}`);
}
