import type { Own } from '../../src/model/check.ts';
import { hasIpvs, isSetByHand } from '../../src/model/director-kinds.ts';
import { driverTraitsOf } from '../../src/model/driver-traits.ts';
import { filesSay } from '../../src/model/files.ts';
import { isDirect } from '../../src/model/forwarding.ts';
import { hostsOf, isScheduledBy, type LabSpec, type ServiceSpec } from '../../src/model/spec.ts';
import { segmentsOf } from '../../src/model/topology.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { serviceAt } from '../common/tables.ts';

/** Services of the lab as written whose connections are what they are in the stages: by direct routing, alone on their port. */

interface Wanted {
  protocol?: ServiceSpec['protocol'];
  /** Each real server has its turn. */
  rotates?: true;
}

const fits =
  ({ protocol = 'tcp', rotates }: Wanted) =>
  (service: ServiceSpec): boolean =>
    service.protocol === protocol &&
    isDirect(service) &&
    !isIpv6(service.vip) &&
    service.mark === undefined &&
    !service.allPorts &&
    !service.onePacket &&
    service.realServers.every(({ weight, upperThreshold = 0 }) => weight > 0 && upperThreshold === 0) &&
    service.realServers.length > 1 &&
    (rotates ? isScheduledBy(service, 'rr') : service.persistenceS === 0);

/** What else the lab must be, and how it is judged there. */
interface More {
  /** Sysctls of the directors, by their values; what files say of them is for the files. */
  where?: (sysctl: (key: string, inKernel: string) => string) => boolean;
  /** It sends from addresses that nobody has. */
  spoofs?: true;
  /** Nothing but drlab changes the table. */
  settable?: true;
  /** It changes the machines for a while, and machines that exist are left alone. */
  changes?: true;
  how?: Omit<Own, 'subject' | 'has'>;
}

/** @param subject «a tcp service of DR», and what else it takes. */
export const ownConnections = (
  subject: string,
  wanted: Wanted,
  { where, spoofs, settable, changes, how }: More = {},
): Own => ({
  subject,
  has: (spec) =>
    hasIpvs(spec.director.kind) &&
    spec.services.some(fits(wanted)) &&
    hostsOf(spec, 'director').every((host) => !filesSay(host, 'directing') && !filesSay(host, 'sysctls')) &&
    !((spoofs || changes) && driverTraitsOf(spec).existingHosts !== undefined) &&
    !(spoofs && segmentsOf(spec).some(({ portSecurity }) => portSecurity)) &&
    !(settable && !isSetByHand(spec.director.kind)) &&
    spec.director.announce === undefined &&
    (where?.((key, inKernel) => directorSysctl(spec, key) ?? inKernel) ?? true),
  ...how,
});

const directorSysctl = (spec: LabSpec, key: string): string | undefined =>
  hostsOf(spec, 'director')[0]?.sysctls[key];

/** The service of the stage, or the first like it of the lab as written; undefined where that has none. */
export const anyConnectionsOf = (
  spec: LabSpec,
  port: number,
  wanted: Wanted = {},
): ServiceSpec | undefined =>
  spec.stage === undefined ? spec.services.find(fits(wanted)) : serviceAt(spec, port);

export function connectionsOf(spec: LabSpec, port: number, wanted: Wanted = {}): ServiceSpec {
  const own = anyConnectionsOf(spec, port, wanted);
  if (!own) throw new NotInLab(`lab «${spec.name}» has no ${wanted.protocol ?? 'tcp'} service of DR`);
  return own;
}
