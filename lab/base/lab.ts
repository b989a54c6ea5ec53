import type { Capability } from '../../src/model/capabilities.ts';
import type { Host } from '../../src/model/host.ts';
import type { CaptureOptions, ConfigText, Faults, Lab, RunningCapture } from '../../src/model/lab.ts';
import { hostsOf, type LabSpec } from '../../src/model/spec.ts';
import type { Scope } from '../../src/util/scope.ts';
import { directorOn } from '../files/index.ts';

/** What every built lab is made of. */
export interface Built<H extends Host = Host> {
  spec: LabSpec;
  /** Disposing it takes the lab down. */
  scope: Scope;
  configs: ConfigText[];
  hosts: Map<string, H>;
  faults: Faults;
  lacks(capability: Capability): string | undefined;
  /** What the lab still lacked when it should have settled. */
  unsettled: string | undefined;
}

/** Of a log that says the same thing for hours. */
const longestLogBytes = 256 * 1024;

/** What the labs of all drivers have in common. */
export abstract class BuiltLab<H extends Host = Host> implements Lab {
  readonly spec: LabSpec;
  readonly scope: Scope;
  readonly configs: ConfigText[];
  readonly faults: Faults;
  readonly lacks: Built['lacks'];
  readonly unsettled?: string;
  readonly #hosts: Map<string, H>;

  constructor({ spec, scope, configs, hosts, faults, lacks, unsettled }: Built<H>) {
    this.spec = spec;
    this.scope = scope;
    this.configs = configs;
    this.faults = faults;
    this.lacks = lacks;
    this.#hosts = hosts;
    if (unsettled !== undefined) this.unsettled = unsettled;
  }

  host(name: string): H {
    const host = this.#hosts.get(name);
    if (!host) throw new Error(`no host «${name}» in lab «${this.spec.name}»`);
    return host;
  }

  abstract capture(options: CaptureOptions): Promise<RunningCapture>;

  async logs(): Promise<ConfigText[]> {
    const each = hostsOf(this.spec, 'director').flatMap((host) =>
      directorOn(this.spec, host).logs.map(async (file) => {
        const text = await this.#log(host.name, file);
        return { host: host.name, name: file, text };
      }),
    );
    return (await Promise.all(each)).filter(({ text }) => text !== '');
  }

  /** Empty where there is none: a daemon that has had nothing to say, or a host that cannot be reached. */
  async #log(host: string, file: string): Promise<string> {
    const bytes = await this.host(host)
      .get(file)
      .catch(() => new Uint8Array());
    return Buffer.from(bytes.slice(-longestLogBytes)).toString();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.scope[Symbol.asyncDispose]();
  }
}
