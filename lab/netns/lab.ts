import type { CaptureOptions, ConfigText, Faults, Lab, RunningCapture } from '../../src/model/lab.ts';
import type { Power } from '../../src/model/powers.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import type { Scope } from '../../src/util/scope.ts';
import { startCapture } from './capture.ts';
import type { NetnsHost } from './host.ts';
import { lacksPower } from './lacks.ts';
import { thisPlace } from './place.ts';

/** What a built lab is made of. */
export interface Built {
  spec: LabSpec;
  scope: Scope;
  configs: ConfigText[];
  hosts: Map<string, NetnsHost>;
  switchHost: NetnsHost;
  faults: Faults;
  unsettled: string | undefined;
}

export class NetnsLab implements Lab {
  readonly spec: LabSpec;
  readonly scope: Scope;
  readonly configs: ConfigText[];
  readonly faults: Faults;
  readonly unsettled?: string;

  constructor(private readonly built: Built) {
    this.spec = built.spec;
    this.scope = built.scope;
    this.configs = built.configs;
    this.faults = built.faults;
    if (built.unsettled !== undefined) this.unsettled = built.unsettled;
  }

  host(name: string): NetnsHost {
    const host = this.built.hosts.get(name);
    if (!host) throw new Error(`no host «${name}» in lab «${this.spec.name}»`);
    return host;
  }

  lacks(power: Power): string | undefined {
    return lacksPower(power, this.spec, thisPlace);
  }

  capture(options: CaptureOptions): Promise<RunningCapture> {
    const at = options.at ?? 'lan';
    return at === 'lan'
      ? startCapture(this.built.switchHost, { device: 'br0' }, options)
      : startCapture(this.host(at), { device: 'eth0' }, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.scope[Symbol.asyncDispose]();
  }
}
