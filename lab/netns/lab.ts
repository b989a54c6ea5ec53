import type { CaptureOptions, RunningCapture } from '../../src/model/lab.ts';
import { deviceOf, hostSpec } from '../../src/model/spec.ts';
import type { AgentHost } from '../agent/host.ts';
import { type Built, BuiltLab } from '../base/lab.ts';
import { MergedCapture } from '../capture/everywhere.ts';
import { startCapture } from '../capture/tcpdump.ts';

export class NetnsLab extends BuiltLab<AgentHost> {
  readonly reach?: string;
  readonly #switchHost: AgentHost;
  readonly #bridges: string[];

  /** @param built.bridges those at which the LAN is listened to */
  constructor(built: Built<AgentHost> & { switchHost: AgentHost; bridges: string[]; reach?: string }) {
    super(built);
    if (built.reach !== undefined) this.reach = built.reach;
    this.#switchHost = built.switchHost;
    this.#bridges = built.bridges;
  }

  capture(options: CaptureOptions): Promise<RunningCapture> {
    const at = options.at ?? 'lan';
    if (at !== 'lan')
      return startCapture(
        this.host(at),
        { device: options.device ?? deviceOf(hostSpec(this.spec, at)) },
        options,
      );
    const tap = (device: string) => startCapture(this.#switchHost, { device }, options);
    const [only = '', ...others] = this.#bridges;
    return others.length === 0 ? tap(only) : MergedCapture.start(this.#bridges.map(tap));
  }
}
