import type { Capability } from '../../src/model/capabilities.ts';
import type { CaptureOptions, RunningCapture } from '../../src/model/lab.ts';
import { type Built, BuiltLab } from '../common/lab.ts';
import { startCapture } from './capture.ts';
import type { NetnsHost } from './host.ts';
import { lacksCapability } from './lacks.ts';
import { thisPlace } from './place.ts';

export class NetnsLab extends BuiltLab<NetnsHost> {
  readonly #switchHost: NetnsHost;

  constructor(built: Built<NetnsHost> & { switchHost: NetnsHost }) {
    super(built);
    this.#switchHost = built.switchHost;
  }

  lacks(capability: Capability): string | undefined {
    return lacksCapability(capability, this.spec, thisPlace);
  }

  capture(options: CaptureOptions): Promise<RunningCapture> {
    const at = options.at ?? 'lan';
    return at === 'lan'
      ? startCapture(this.#switchHost, { device: 'br0' }, options)
      : startCapture(this.host(at), { device: 'eth0' }, options);
  }
}
