import type { Host } from '../../../src/model/host.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { hostSpec, hostsOf, type LabSpec, serversOf } from '../../../src/model/spec.ts';
import { type Prober, proberOn } from '../../../src/probe/client/prober.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { TimedOut } from '../../../src/util/errors.ts';
import { until } from '../../../src/util/until.ts';
import { clientOf, list } from '../../common/subjects.ts';
import { nameOfRip, serviceAt } from '../../common/tables.ts';
import { checkOf, detectionMs, slackMs } from './limits.ts';

/** Weights of the real servers of a service by name; one that is not in the table is not in here. */
export type Weights = Record<string, number>;

/** A clock that never steps, which is also that of faults. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** A director with health checks, seen from its table and from the first client. */
export interface Watched {
  name: string;
  director: Host;
  prober: Prober;
  /** The real server that things are done to: the first. */
  victim: string;
  weights(port: number): Promise<Weights>;
  /** When the table of the service first was so; null where it was not in time. */
  whenSo(
    port: number,
    what: string,
    so: (weights: Weights) => boolean,
    withinMs: number,
  ): Promise<number | null>;
  /** @throws {TimedOut} unless all services have all their real servers again, and nobody says sorry. */
  allBack(withinMs?: number): Promise<void>;
}

export async function watch(lab: Lab): Promise<Watched> {
  const { spec } = lab;
  const name = await activeDirector(lab, spec.services[0]?.vip ?? '');
  const director = lab.host(name);
  const weights = async (port: number): Promise<Weights> => {
    const { servers } = await ipvs.table(director, serviceAt(spec, port));
    return Object.fromEntries(servers.map(({ ip, weight }) => [nameOfRip(spec, ip), weight]));
  };
  const whenSo: Watched['whenSo'] = async (port, what, so, withinMs) => {
    try {
      return await until(
        `port ${port}: ${what}`,
        async () => (so(await weights(port)) ? nowMs() : undefined),
        { withinMs },
      );
    } catch (error) {
      if (error instanceof TimedOut) return null;
      throw error;
    }
  };
  const allBack = async (withinMs?: number): Promise<void> => {
    for (const service of spec.services) {
      const wanted = service.realServers.map((one) => `${one.name} ${one.weight}`).sort();
      let seen = '';
      await until(
        `port ${service.port} to have all its real servers again`,
        async () => {
          seen = weightsText(await weights(service.port));
          return seen === list(wanted) || undefined;
        },
        { withinMs: withinMs ?? 2 * detectionMs(checkOf(spec, service)) + slackMs, lastSeen: () => seen },
      );
    }
  };
  const victim = hostsOf(spec, 'realServer')[0]?.name ?? '';
  return {
    name,
    director,
    prober: await proberOn(lab, clientOf(spec).name),
    victim,
    weights,
    whenSo,
    allBack,
  };
}

/** «rs1 0 and rs2 1». */
export const weightsText = (weights: Weights): string =>
  list(
    Object.entries(weights)
      .map(([name, weight]) => `${name} ${weight}`)
      .sort(),
  );

/** How long a service may take to notice, and to be looked at. */
export const limitAt = (spec: LabSpec, port: number): number =>
  detectionMs(checkOf(spec, serviceAt(spec, port)));

/** Everybody that may be in the table of a service. */
export const membersAt = (spec: LabSpec, port: number): string[] => serversOf(serviceAt(spec, port));

export const ripOf = (spec: LabSpec, name: string): string => hostSpec(spec, name).ip;
