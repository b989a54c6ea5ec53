import type { CaptureOptions, RunningCapture } from '../../src/model/lab.ts';
import { type Built, BuiltLab } from '../base/lab.ts';
import { MergedCapture } from '../capture/everywhere.ts';
import { startCapture } from '../capture/tcpdump.ts';
import type { ContainerHost } from './host.ts';

export class DockerLab extends BuiltLab<ContainerHost> {
  readonly reach: string;

  constructor(built: Built<ContainerHost> & { reach: string }) {
    super(built);
    this.reach = built.reach;
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
