import type { Capability } from '../../src/model/capabilities.ts';
import type { Stage } from '../../src/model/check.ts';
import { freeAddresses } from '../../src/model/free-addresses.ts';
import { destinationOf, entryOf, methodFlag } from '../../src/model/ipvs-words.ts';
import { hostSpec, hostsOf, type LabSpec, type ServiceSpec } from '../../src/model/spec.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { onDirectors } from '../common/mutate.ts';
import { expectReshapable } from '../common/reshaping.ts';
import {
  type Change,
  firstServers,
  moreClientAddresses,
  oneIpvsDirector,
  type ServiceSketch,
  services,
  stage,
  withSysctls,
} from '../common/stages.ts';
import { ownLike, ownScheduled, type Scheduled } from './own.ts';

/**
 * One lab for nearly all checks of schedulers: each has a service, on a port of its own, and so connections and
 * counts of its own; all of them have the same three real servers behind them.
 *
 *   client with 65 addresses ──┬── director: VIP:8003 lc, VIP:8004 wlc, VIP:8005 sed, …
 *                              └── rs1  rs2  rs3, of weight 1, 2, 3 unless said otherwise
 */
const byWeight = [1, 2, 3];

/** By the check that uses it; the port ends in its number. */
const sketches = {
  lc: { port: 8003, scheduler: 'lc', weights: byWeight },
  wlc: { port: 8004, scheduler: 'wlc', weights: byWeight },
  sed: { port: 8005, scheduler: 'sed', weights: byWeight },
  nq: { port: 8006, scheduler: 'nq', weights: byWeight },
  sedUdp: { port: 8007, protocol: 'udp', scheduler: 'sed', weights: byWeight },
  nqUdp: { port: 8107, protocol: 'udp', scheduler: 'nq', weights: byWeight },
  lcUdp: { port: 8207, protocol: 'udp', scheduler: 'lc', weights: byWeight },
  dh: { port: 8008, scheduler: 'dh', weights: byWeight },
  sh: { port: 8009, scheduler: 'sh', weights: byWeight },
  shQuiesced: { port: 8010, scheduler: 'sh', weights: [1, 0, 3] },
  shFallback: { port: 8011, scheduler: 'sh', schedulerFlags: ['sh-fallback'], weights: [1, 0, 3] },
  shPort: { port: 8012, scheduler: 'sh', schedulerFlags: ['sh-port'], weights: byWeight },
  shShrinking: { port: 8013, scheduler: 'sh' },
  mh: { port: 8014, scheduler: 'mh', weights: byWeight },
  mhShrinking: { port: 8015, scheduler: 'mh' },
  mhFallback: { port: 8016, scheduler: 'mh', schedulerFlags: ['mh-fallback'], weights: byWeight },
  mhPort: { port: 8116, scheduler: 'mh', schedulerFlags: ['mh-port'], weights: byWeight },
  fo: { port: 8017, scheduler: 'fo', weights: byWeight },
  ovf: { port: 8018, scheduler: 'ovf', weights: byWeight },
  lblc: { port: 8019, scheduler: 'lblc', weights: [2, 2, 2] },
  lblcr: { port: 8020, scheduler: 'lblcr', weights: [2, 2, 2] },
  twos: { port: 8021, protocol: 'udp', onePacket: true, scheduler: 'twos', weights: byWeight },
  edited: { port: 8022, scheduler: 'rr' },
  changing: { port: 8023, scheduler: 'rr', weights: byWeight },
  limited: { port: 8025, scheduler: 'rr', limits: { upperThreshold: 4 } },
  limitedBelow: { port: 8125, scheduler: 'rr', limits: { upperThreshold: 4, lowerThreshold: 2 } },
  closing: { port: 8026, scheduler: 'lc' },
  balanceRr: { port: 8401, scheduler: 'rr' },
  balanceWrr: { port: 8402, scheduler: 'wrr', weights: byWeight },
  balanceSh: { port: 8403, scheduler: 'sh' },
  balanceMh: { port: 8404, scheduler: 'mh' },
} satisfies Record<string, Scheduled>;
export type TriedService = keyof typeof sketches;

/** What every scheduler must do alike is tried with each of these. */
export const everyScheduler = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'sed',
  'nq',
  'fo',
  'ovf',
  'lblc',
  'lblcr',
  'dh',
  'sh',
  'mh',
] as const;
export type SchedulerName = (typeof everyScheduler)[number];

/** Services of all schedulers for one purpose: on ports from `first` on, in the order above. */
const forAll = (first: number, more: Partial<ServiceSketch> = {}): ServiceSketch[] =>
  everyScheduler.map((scheduler, i) => ({ port: first + i, scheduler, weights: byWeight, ...more }));

/** First ports of the services of all schedulers: to quiesce in, with an upper threshold of 2, of weight 0. */
export const generic = { quiescing: 8310, limited: 8340, empty: 8370 } as const;

const allSketches: ServiceSketch[] = [
  ...Object.values(sketches),
  ...forAll(generic.quiescing),
  ...forAll(generic.limited, { limits: { upperThreshold: 2 } }),
  ...forAll(generic.empty, { weights: [0, 0, 0] }),
];

/** Three more VIPs for dh, which tells VIPs apart and nothing else. */
const moreVips: Change = (spec) => {
  const dh = spec.services.find(({ port }) => port === sketches.dh.port);
  if (!dh) return spec;
  const more = freeAddresses(spec, 3, { from: { after: dh.vip } });
  return { ...spec, services: [...spec.services, ...more.map((vip) => ({ ...dh, vip }))] };
};

/**
 * Services are added as rr, which every kernel has, and get their scheduler afterwards, one `ipvsadm -R` for each.
 * So a scheduler that the kernel lacks costs its own checks, and not the lab.
 */
const intoSchedulers: Change = (spec) => {
  expectReshapable(spec, 'keep the services that they have');
  const edits = new Map<string, string[]>();
  for (const service of spec.services)
    edits.set(service.scheduler, [...(edits.get(service.scheduler) ?? []), edit(service)]);
  edits.delete('rr');
  const text = [...edits.values()].map((lines) => `ipvsadm -R <<END || true\n${lines.join('\n')}\nEND`);
  const added = spec.services.map((service) => {
    const { schedulerFlags: _, ...rest } = service;
    return { ...rest, scheduler: 'rr' };
  });
  return onDirectors(() => text.join('\n'))({ ...spec, services: added });
};

const edit = (
  service: ServiceSpec,
  scheduler = service.scheduler,
  flags = service.schedulerFlags ?? [],
): string =>
  `-E ${entryOf(service)} -s ${scheduler}${flags.length > 0 ? ` -b ${flags.join(',')}` : ''}${service.onePacket ? ' -o' : ''}`;

export const schedulers: Stage = stage(
  'schedulers',
  'one director set with ipvsadm; a service for each scheduler, on three real servers',
  oneIpvsDirector,
  firstServers(3),
  services(...allSketches),
  // By default a host sends a burst of 6 ICMP errors to each address, then one a second: «refused» would turn into
  // silence, and the verdict into a matter of how many asked before.
  withSysctls('director', { 'net.ipv4.icmp_ratemask': '0' }),
  moreVips,
  moreClientAddresses(64),
  intoSchedulers,
);

/** The service of a check: on the lab's first VIP, as the stage means it, with its scheduler; of the lab as written the first like it. */
export function triedService(spec: LabSpec, bench: TriedService): ServiceSpec {
  return meant(spec, sketches[bench]);
}

/** The lab as written has a service like that of the stage. */
export const ownBench = (bench: TriedService, ...needs: Capability[]) =>
  ownScheduled(sketches[bench], ...needs);

/** The service of one scheduler for one purpose. */
export const genericOf = (
  spec: LabSpec,
  purpose: keyof typeof generic,
  scheduler: SchedulerName,
): ServiceSpec => meant(spec, { port: generic[purpose] + everyScheduler.indexOf(scheduler), scheduler });

function meant(spec: LabSpec, sketch: Scheduled): ServiceSpec {
  if (spec.stage === undefined) {
    const own = ownLike(spec, sketch);
    if (!own)
      throw new NotInLab(`lab «${spec.name}» has no ${ownScheduled(sketch).subject.replace(/^a /, '')}`);
    return own;
  }
  const found = spec.services.find((service) => service.port === sketch.port);
  if (!found) throw new NotInLab(`lab «${spec.name}» has no service on port ${sketch.port}`);
  return {
    ...found,
    scheduler: sketch.scheduler,
    ...(sketch.schedulerFlags && { schedulerFlags: sketch.schedulerFlags }),
  };
}

/** The director of the stage, by name. */
export const directorOf = (spec: LabSpec): string => hostsOf(spec, 'director')[0]?.name ?? '';

/** Mutant: the service has another scheduler, or the same without its flags. */
export const scheduledWith = (bench: TriedService, scheduler: string): Change =>
  onDirectors((spec) => `ipvsadm ${edit(triedService(spec, bench), scheduler, [])}`);

/** Mutant: the first real server has another weight in the service: this, or where the lab gives it that, two more. */
export const firstWeighs = (bench: TriedService, weight: number): Change =>
  onDirectors((spec) => {
    const service = triedService(spec, bench);
    const [first] = service.realServers;
    const server = hostSpec(spec, first?.name ?? '');
    const other = first?.weight === weight ? weight + 2 : weight;
    return `ipvsadm -e ${entryOf(service)} ${destinationOf(spec, service, server.name)} ${methodFlag(service, server.name)} -w ${other}`;
  });
