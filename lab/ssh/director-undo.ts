import { hasIpvs } from '../../src/model/director-kinds.ts';
import { entryOf, inTable } from '../../src/model/ipvs-words.ts';
import { deviceOf, type HostSpec, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { quote } from '../../src/util/quote.ts';
import type { Undo } from './ledger-text.ts';

/** Pure: what undoes anything that a director of this kind does, its daemon's doings too. */
export function directorUndo(spec: LabSpec, host: HostSpec): Undo[] {
  const device = quote(deviceOf(host));
  const addresses = vipsOf(spec).map((vip) => ({ command: `address_gone ${vip}/32 ${device}` }));
  if (!hasIpvs(spec.director.kind)) return [...addresses, { command: 'table_gone netdev drlab' }];
  const services = inTable(spec.services).map((service) => ({ command: `service_gone ${entryOf(service)}` }));
  return [...addresses, ...services];
}
