import type { Own } from '../../src/model/check.ts';
import { isDirect } from '../../src/model/forwarding.ts';
import { hostsOf, type LabSpec, type Protocol } from '../../src/model/spec.ts';
import { isOnLan } from '../../src/model/topology.ts';
import { realServersOf } from '../common/subjects.ts';
import { everyService } from '../common/vantages.ts';

/** Judged in the lab as written where a client on the segment of the VIPs, as the stage has one, reaches an IPv6 service. */
export const own6 = (protocol: Protocol): Own => ({
  subject: `an IPv6 ${protocol} service, and a client with an IPv6 address on its segment`,
  has: (spec) => canAsk(spec) && spec.services.some((one) => one.protocol === protocol && isDirect(one)),
  vantages: everyService(protocol),
});

/** The director reaches all real servers of IPv6 services without a router, too. */
const canAsk = (spec: LabSpec): boolean =>
  hostsOf(spec, 'client').some((host) => host.ip6 && isOnLan(spec, host)) &&
  spec.services.every((service) => realServersOf(spec, service).every((host) => isOnLan(spec, host)));
