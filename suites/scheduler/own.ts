import type { Capability } from '../../src/model/capabilities.ts';
import type { Own } from '../../src/model/check.ts';
import { hasIpvs } from '../../src/model/director-kinds.ts';
import type { LabSpec, ServiceSpec } from '../../src/model/spec.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import type { ServiceSketch } from '../common/stages.ts';

/** Services of the lab as written that are what a check of schedulers has in its stage: by what they say, whatever their ports. */

export type Scheduled = ServiceSketch & { scheduler: string };

/** Alike but for address, port, and how many real servers of which weight there are. */
export const isLike =
  (sketch: Scheduled) =>
  (service: ServiceSpec): boolean => {
    const available = service.realServers.filter(({ weight }) => weight > 0);
    const quiesces = service.realServers.length > available.length;
    const limits = service.realServers.some(({ upperThreshold = 0 }) => upperThreshold > 0);
    return (
      service.scheduler === sketch.scheduler &&
      service.protocol === (sketch.protocol ?? 'tcp') &&
      sorted(service.schedulerFlags) === sorted(sketch.schedulerFlags) &&
      (service.onePacket ?? false) === (sketch.onePacket ?? false) &&
      service.persistenceS === 0 &&
      !isIpv6(service.vip) &&
      limits === (sketch.limits !== undefined) &&
      (quiesces || !sketch.weights?.includes(0)) &&
      available.length > 1
    );
  };

const sorted = (flags: readonly string[] = []): string => flags.toSorted().join(',');

export const ownLike = (spec: LabSpec, sketch: Scheduled): ServiceSpec | undefined =>
  spec.services.find(isLike(sketch));

/** @param needs what it wants of the lab beside a director of IPVS. */
export function ownScheduled(sketch: Scheduled, ...needs: Capability[]): Own {
  const { scheduler, protocol = 'tcp', schedulerFlags = [], weights = [] } = sketch;
  const what = [scheduler, ...schedulerFlags].join(' and ');
  return {
    subject: `a ${protocol} service with ${what}${weights.includes(0) ? ' and a quiesced real server' : ''}`,
    has: (spec) => hasIpvs(spec.director.kind) && ownLike(spec, sketch) !== undefined,
    needs: ['director', 'ipvs', ...needs],
    vantages: { clients: true, services: { protocol, fits: isLike(sketch) } },
  };
}
