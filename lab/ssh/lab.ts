import type { Host } from '../../src/model/host.ts';
import type { CaptureOptions, ConfigText, Faults, Lab, RunningCapture } from '../../src/model/lab.ts';
import type { Power } from '../../src/model/powers.ts';
import { deviceOf, hostSpec, type LabSpec } from '../../src/model/spec.ts';
import type { Scope } from '../../src/util/scope.ts';
import { MergedCapture } from '../capture/everywhere.ts';
import { captureOn } from './capture.ts';
import type { Inspection } from './inspect.ts';
import { lacksOnMachines } from './lacks.ts';
import type { Machine } from './machine.ts';

/** What a built lab is made of. */
export interface Built {
  spec: LabSpec;
  scope: Scope;
  configs: ConfigText[];
  machines: Map<string, Machine>;
  hosts: Map<string, Host>;
  found: Map<string, Inspection>;
  faults: Faults;
  unsettled: string | undefined;
}

export class SshLab implements Lab {
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

  host(name: string): Host {
    const host = this.built.hosts.get(name);
    if (!host) throw new Error(`no host «${name}» in lab «${this.spec.name}»`);
    return host;
  }

  lacks(power: Power): string | undefined {
    return lacksOnMachines(power, this.spec, this.built.found);
  }

  /** There is no switch to look at: every machine tells what it sends, and the files become one. */
  async capture({ at = 'lan', ...options }: CaptureOptions): Promise<RunningCapture> {
    const start = (name: string, direction: 'out' | 'inout') => {
      const machine = this.built.machines.get(name);
      if (!machine) throw new Error(`no host «${name}» in lab «${this.spec.name}»`);
      const device = deviceOf(hostSpec(this.spec, name));
      return captureOn(machine, { ...options, device, direction, ssh: this.built.found.get(name)?.ssh });
    };
    if (at !== 'lan') return start(at, 'inout');
    const onSegment = this.spec.hosts.filter(({ segment }) => segment === 'lan');
    return MergedCapture.start(onSegment.map(({ name }) => start(name, 'out')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.scope[Symbol.asyncDispose]();
  }
}
