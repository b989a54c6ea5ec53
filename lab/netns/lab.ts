import type { CaptureOptions, RunningCapture } from '../../src/model/lab.ts';
import type { AgentHost } from '../agent/host.ts';
import { type Built, BuiltLab } from '../base/lab.ts';
import { startCapture } from '../capture/tcpdump.ts';

export class NetnsLab extends BuiltLab<AgentHost> {
  readonly reach?: string;
  readonly #switchHost: AgentHost;

  constructor(built: Built<AgentHost> & { switchHost: AgentHost; reach?: string }) {
    super(built);
    if (built.reach !== undefined) this.reach = built.reach;
    this.#switchHost = built.switchHost;
  }

  capture(options: CaptureOptions): Promise<RunningCapture> {
    const at = options.at ?? 'lan';
    return at === 'lan'
      ? startCapture(this.#switchHost, { device: 'br0' }, options)
      : startCapture(this.host(at), { device: 'eth0' }, options);
  }
}
