import type { FaultFamily } from '../../src/model/random-fault.ts';
import {
  addressBeside,
  deviceOf,
  type HostSpec,
  hostSpec,
  hostsOf,
  type LabSpec,
  type Role,
  type ServiceSpec,
  vrrpInstancesOf,
} from '../../src/model/spec.ts';
import { isOnLan } from '../../src/model/topology.ts';
import type { Random } from '../../src/statistics/random.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { quote } from '../../src/util/quote.ts';

/** A kind of fault, of which one is drawn for a lab: on which host, and how strong. */
export interface Kind {
  name: string;
  family: FaultFamily;
  /** @throws {NotInLab} where the lab has nothing of the kind. */
  draw(from: Draw): Drawn;
}

export interface Drawn {
  hosts: HostSpec[];
  breaks: string;
  change(spec: LabSpec): LabSpec;
  /** What the first finding must say of it; none of what is harmless. */
  cause?: RegExp;
}

/** What is drawn from: a lab, and random numbers. */
export class Draw {
  constructor(
    readonly spec: LabSpec,
    private readonly random: Random,
  ) {}

  one<T>(list: readonly T[]): T {
    if (list.length === 0) throw new NotInLab(`lab «${this.spec.name}» has none of that`);
    return list[this.random.below(list.length)] as T;
  }

  two<T>(list: readonly T[]): [T, T] {
    const [a, b] = this.random.shuffled(list);
    if (a === undefined || b === undefined) throw new NotInLab(`lab «${this.spec.name}» has no two of that`);
    return [a, b];
  }

  host(...roles: Role[]): HostSpec {
    return this.one(roles.flatMap((role) => hostsOf(this.spec, role)));
  }

  /** A host through which traffic passes as long as nothing fails: no director that stands by. */
  working(...roles: Role[]): HostSpec {
    const standby = this.standby().map(({ name }) => name);
    const hosts = roles.flatMap((role) => hostsOf(this.spec, role));
    return this.one(hosts.filter(({ name }) => !standby.includes(name)));
  }

  /** One that serves, by DR. */
  realServer(): HostSpec {
    const names = this.services().flatMap(({ realServers }) => realServers.map(({ name }) => name));
    return this.one(hostsOf(this.spec, 'realServer').filter(({ name }) => names.includes(name)));
  }

  /** The director that has the VIPs when nothing is wrong. */
  active(): HostSpec {
    const standby = this.standby();
    return this.one(
      hostsOf(this.spec, 'director')
        .filter((host) => !standby.includes(host))
        .slice(0, 1),
    );
  }

  standby(): HostSpec[] {
    const directors = hostsOf(this.spec, 'director');
    const [instance] = vrrpInstancesOf(this.spec);
    const highest = instance ? instance.priorities.indexOf(Math.max(...instance.priorities)) : 0;
    return directors.filter((_, i) => i !== highest);
  }

  /** On the segment, where it sends to the VIP itself: a client, or the router of others. */
  asker(): HostSpec {
    return this.one([
      ...hostsOf(this.spec, 'client').filter((host) => isOnLan(this.spec, host)),
      ...hostsOf(this.spec, 'router'),
    ]);
  }

  service(fits: (service: ServiceSpec) => boolean = () => true): ServiceSpec {
    return this.one(this.services().filter(fits));
  }

  serverOf(service: ServiceSpec): HostSpec {
    return hostSpec(this.spec, this.one(service.realServers).name);
  }

  /** Of IPv4 and DR, which is what faults are made for. */
  services(): ServiceSpec[] {
    return this.spec.services.filter(({ vip, forward }) => forward === 'dr' && !isIpv6(vip));
  }
}

/** Shell text that a host of the lab runs. */
export const on = (host: HostSpec, ...lines: string[]): string =>
  `ip netns exec ${host.name} sh -ec ${quote(lines.join('\n'))}`;

export const nameOf = ({ vip, port, protocol }: ServiceSpec): string =>
  `${vip}:${port}${protocol === 'udp' ? ' (UDP)' : ''}`;

export const ripOf = (host: HostSpec, { vip }: ServiceSpec): string => addressBeside(host, vip);

export const dev = deviceOf;

/** The MAC address of no host. */
export const nobodysMac = '02:00:00:00:de:ad';
