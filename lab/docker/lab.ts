import type { Capability } from '../../src/model/capabilities.ts';
import type { CaptureOptions, RunningCapture } from '../../src/model/lab.ts';
import { type Built, BuiltLab } from '../base/lab.ts';
import type { Place } from '../base/lacks.ts';
import { MergedCapture } from '../capture/everywhere.ts';
import { startCapture } from '../capture/tcpdump.ts';
import type { ContainerHost } from './host.ts';
import { lacksCapability } from './lacks.ts';

interface BuiltInDocker extends Built<ContainerHost> {
  /** Shell text after which `ip netns exec HOST` reaches every host. */
  reach: string;
  place: Place & { protoDown: boolean };
}

export class DockerLab extends BuiltLab<ContainerHost> {
  readonly reach: string;
  readonly #place: BuiltInDocker['place'];

  constructor(built: BuiltInDocker) {
    super(built);
    this.reach = built.reach;
    this.#place = built.place;
  }

  lacks(capability: Capability): string | undefined {
    return lacksCapability(capability, this.spec, this.#place);
  }

  /** macvlan has no point where all frames pass, so on the LAN every host records what it sends. */
  capture(options: CaptureOptions): Promise<RunningCapture> {
    const at = options.at ?? 'lan';
    if (at !== 'lan') return startCapture(this.host(at), { device: 'eth0' }, options);
    const senders = this.spec.hosts.filter(({ segment }) => segment === 'lan');
    const tap = { device: 'eth0', sentOnly: true };
    return MergedCapture.start(senders.map(({ name }) => startCapture(this.host(name), tap, options)));
  }
}
