import type { CaptureOptions, ConfigText, Faults, Lab, RunningCapture } from '../../src/model/lab.ts';
import type { Power } from '../../src/model/powers.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import type { Scope } from '../../src/util/scope.ts';
import { MergedCapture } from '../capture/everywhere.ts';
import { startCapture } from '../netns/capture.ts';
import type { Place } from '../netns/lacks.ts';
import type { ContainerHost } from './host.ts';
import { lacksPower } from './lacks.ts';

/** What a built lab is made of. */
export interface Built {
  spec: LabSpec;
  scope: Scope;
  configs: ConfigText[];
  hosts: Map<string, ContainerHost>;
  /** Shell text after which `ip netns exec HOST` reaches every host. */
  reach: string;
  faults: Faults;
  place: Place & { protoDown: boolean };
  unsettled: string | undefined;
}

export class DockerLab implements Lab {
  readonly spec: LabSpec;
  readonly scope: Scope;
  readonly configs: ConfigText[];
  readonly faults: Faults;
  readonly reach: string;
  readonly unsettled?: string;

  constructor(private readonly built: Built) {
    this.spec = built.spec;
    this.scope = built.scope;
    this.configs = built.configs;
    this.faults = built.faults;
    this.reach = built.reach;
    if (built.unsettled !== undefined) this.unsettled = built.unsettled;
  }

  host(name: string): ContainerHost {
    const host = this.built.hosts.get(name);
    if (!host) throw new Error(`no host «${name}» in lab «${this.spec.name}»`);
    return host;
  }

  lacks(power: Power): string | undefined {
    return lacksPower(power, this.spec, this.built.place);
  }

  /** macvlan has no point where all frames pass, so on the LAN every host records what it sends. */
  capture(options: CaptureOptions): Promise<RunningCapture> {
    const at = options.at ?? 'lan';
    if (at !== 'lan') return startCapture(this.host(at), { device: 'eth0' }, options);
    const senders = this.spec.hosts.filter(({ segment }) => segment === 'lan');
    const tap = { device: 'eth0', sentOnly: true };
    return MergedCapture.start(senders.map(({ name }) => startCapture(this.host(name), tap, options)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.scope[Symbol.asyncDispose]();
  }
}
