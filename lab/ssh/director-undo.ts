import { hasIpvs } from '../../src/model/director-kinds.ts';
import { deviceOf, type HostSpec, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { quote } from '../../src/util/quote.ts';
import type { Undo } from './ledger-text.ts';

/** Pure: what undoes anything that a director of this kind does, its daemon's doings too. */
export function directorUndo(spec: LabSpec, host: HostSpec): Undo[] {
  const device = quote(deviceOf(host));
  const addresses = vipsOf(spec).map((vip) => ({ command: `address_gone ${vip}/32 ${device}` }));
  if (!hasIpvs(spec.director.kind)) return [...addresses, { command: 'table_gone netdev drlab' }];
  const services = spec.services.map(({ protocol, vip, port }) => ({
    command: `service_gone ${protocol === 'udp' ? '-u' : '-t'} ${vip}:${port}`,
  }));
  return [...addresses, ...services];
}
