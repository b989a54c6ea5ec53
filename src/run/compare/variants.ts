import { basename } from 'node:path';
import type { Variant } from '../../model/comparison.ts';
import { hasDaemon, traitsOf } from '../../model/director-kinds.ts';
import { defaultSysctls } from '../../model/labfile/sysctls.ts';
import {
  type DirectorKind,
  type ForwardingMethod,
  type HostSpec,
  hostsOf,
  type LabSpec,
  type ServiceSpec,
} from '../../model/spec.ts';
import { isOnLan } from '../../model/topology.ts';
import { LabUnavailable, NotInLab } from '../../util/errors.ts';
import { orList } from '../../util/words.ts';
import { atPlace } from '../matrix.ts';

/** The labs that stand for the variants: each differs from the others in what is compared, and in nothing else. */

export interface Reduced {
  spec: LabSpec;
  /** What was left out, as clauses. */
  changes: string[];
}

/** One service and, where directors are not compared, one director set with ipvsadm: nothing else moves then. */
export function reducedFor(spec: LabSpec, service: ServiceSpec, keepDirectors: boolean): Reduced {
  const changes: string[] = [];
  let reduced: LabSpec = { ...structuredClone(spec), services: [structuredClone(service)] };
  if (spec.services.length > 1)
    changes.push(`only the service ${service.vip}:${service.port}, of ${spec.services.length}`);
  if (!keepDirectors && hasDaemon(spec.director.kind)) {
    const { length } = hostsOf(spec, 'director');
    const before = `${length === 1 ? 'one' : length} with ${spec.director.kind}`;
    reduced = atPlace(reduced, { director: 'ipvsadm' });
    changes.push(`one director set with ipvsadm instead of ${before}`);
  }
  return { spec: reduced, changes };
}

const withService = (spec: LabSpec, change: Partial<ServiceSpec>): LabSpec => ({
  ...spec,
  services: spec.services.map((service, i) => (i === 0 ? { ...service, ...change } : service)),
});

/** @throws {NotInLab} where the director has no schedulers. */
export function schedulerVariants(spec: LabSpec, names: readonly string[]): Variant[] {
  const { onlyScheduler, title } = traitsOf(spec);
  if (onlyScheduler) throw new NotInLab(`lab «${spec.name}» has ${title}, which has no schedulers`);
  return names.map((name) => {
    const { schedulerFlags: _, ...service } = spec.services[0] ?? ({} as ServiceSpec);
    return {
      name,
      title: `scheduler ${name}`,
      spec: { ...spec, services: [{ ...service, scheduler: name }] },
    };
  });
}

export const forwardings = ['dr', 'tun', 'nat', 'direct'] as const;
export type Forwarding = (typeof forwardings)[number];

const titles: Record<Forwarding, string> = {
  dr: 'forwarding method DR',
  tun: 'forwarding method TUN',
  nat: 'forwarding method NAT',
  direct: 'directly to the real servers in turn, bypassing the director',
};

/**
 * @param routed puts the client behind a router: masquerading asks for that, and then all variants get it.
 * @throws {NotInLab} where the director forwards by DR only.
 */
export function forwardVariants(
  spec: LabSpec,
  methods: readonly Forwarding[],
  routed: (spec: LabSpec) => LabSpec,
): Reduced & { variants: Variant[] } {
  const { forwards, title } = traitsOf(spec);
  if (forwardings.some((name) => name !== 'direct' && !forwards.includes(name)))
    throw new NotInLab(
      `lab «${spec.name}» has ${title}, which forwards by ${orList(forwards).toUpperCase()} only`,
    );
  const [client] = hostsOf(spec, 'client');
  const moves = methods.includes('nat') && client !== undefined && isOnLan(spec, client);
  const placed = moves ? routed(spec) : spec;
  const variants = methods.map((name): Variant => {
    const direct = name === 'direct';
    return {
      name,
      title: titles[name],
      spec: withForward(placed, direct ? 'dr' : name),
      ...(direct && { direct: true as const }),
    };
  });
  return {
    spec: placed,
    changes: moves ? ['the client behind a router, which masquerading needs'] : [],
    variants,
  };
}

/** The first service forwarded in that way, and the hosts as that way asks for. */
export function withForward(spec: LabSpec, forward: ForwardingMethod): LabSpec {
  const nat = forward === 'nat';
  const [director] = hostsOf(spec, 'director');
  const [router] = hostsOf(spec, 'router');
  const forwarding = Object.entries(defaultSysctls('director', { forwards: nat })).filter(([key]) =>
    /\.(forwarding|ip_forward)$/.test(key),
  );
  const host = (one: HostSpec): HostSpec => {
    if (one.role === 'director')
      return { ...one, sysctls: { ...one.sysctls, ...Object.fromEntries(forwarding) } };
    if (one.role !== 'realServer' || !one.server) return one;
    const { gateway: _, ...rest } = one;
    const gateway = nat ? director?.ip : router?.ip;
    // Only where there is a tunnel is there its interface, and a sysctl without one cannot be set.
    const { 'net.ipv4.conf.tunl0.rp_filter': __, ...sysctls } = one.sysctls;
    const kept = one.server.vipDevice === 'none' ? 'lo' : one.server.vipDevice;
    return {
      ...rest,
      ...(gateway !== undefined && { gateway }),
      server: { ...one.server, vipDevice: nat ? 'none' : kept },
      sysctls: forward === 'tun' ? { ...sysctls, 'net.ipv4.conf.tunl0.rp_filter': '0' } : sysctls,
    };
  };
  return { ...withService(spec, { forward }), hosts: spec.hosts.map(host) };
}

export function directorVariants(spec: LabSpec, kinds: readonly DirectorKind[]): Variant[] {
  return kinds.map((kind) => {
    const called = { name: kind, title: `director ${kind}` };
    try {
      return { ...called, spec: atPlace(spec, { director: kind }) };
    } catch (error) {
      if (!(error instanceof LabUnavailable)) throw error;
      return { ...called, spec, unsupported: error.message };
    }
  });
}

/** Kernels given as files bear the file's name, unless another one has the same. */
export const kernelVariants = (spec: LabSpec, kernels: readonly string[]): Variant[] =>
  kernels.map((kernel) => {
    const alike = kernels.filter((other) => basename(other) === basename(kernel));
    const name = alike.length > 1 ? kernel : basename(kernel);
    return { name, title: `kernel ${kernel}`, spec, kernel };
  });

/** Whole labs, by their names; numbered where two have the same. */
export const labVariants = (labs: readonly { file: string; spec: LabSpec }[]): Variant[] =>
  labs.map(({ file, spec }, i) => {
    const twice = labs.some((other, j) => j !== i && other.spec.name === spec.name);
    return { name: twice ? `${spec.name}-${i + 1}` : spec.name, title: `lab ${file}`, spec };
  });
