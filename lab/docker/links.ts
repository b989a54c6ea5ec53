import { CommandFailed } from '../../src/util/errors.ts';
import type { Links } from '../faults/index.ts';
import type { ContainerHost } from './host.ts';

/**
 * macvlan has no port to switch off, but the kernel can take its carrier (protodown, since Linux 5.8): the host's
 * addresses and routes stay, as with a cable that is pulled out. Frames still come in; none leaves, no answer either.
 */
export class MacvlanLinks implements Links {
  constructor(private readonly host: (name: string) => ContainerHost) {}

  async set(name: string, state: 'up' | 'down'): Promise<void> {
    const script = `ip link set eth0 protodown ${state === 'up' ? 'off' : 'on'} && ip -o link show eth0`;
    const { stdout } = await this.host(name).exec(script);
    if (/NO-CARRIER/.test(stdout) !== (state === 'down')) throw new CommandFailed(name, script, 0, stdout);
  }
}

/** On a bridge each container has a port among the interfaces of the Docker host. */
export class BridgeLinks implements Links {
  constructor(
    private readonly host: (name: string) => ContainerHost,
    private readonly wireOf: (name: string) => ContainerHost,
  ) {}

  async set(name: string, state: 'up' | 'down'): Promise<void> {
    const { stdout: peer } = await this.host(name).exec('cat /sys/class/net/eth0/iflink');
    const find = `port=$(grep -lx ${peer.trim()} /sys/class/net/*/ifindex) && port=\${port%/ifindex} && port=\${port##*/}`;
    // A port forwards a moment after it is up: 3 is BR_STATE_FORWARDING, 0 disabled.
    const wanted = state === 'up' ? 3 : 0;
    const settled = `until [ "$(cat "/sys/class/net/$port/brport/state")" = ${wanted} ]; do sleep 0.02; done`;
    await this.wireOf(name).exec(`${find} && ip link set "$port" ${state} && ${settled}`);
  }
}
