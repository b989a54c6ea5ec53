import { CommandFailed } from '../../src/util/errors.ts';
import type { AgentHost } from '../agent/host.ts';
import type { Links } from '../faults/index.ts';

/** Switches the ports of the lab's bridges, as an operator would switch those of a real switch. */
export class SwitchPorts implements Links {
  /** @param ports of each host. */
  constructor(
    private readonly switchHost: AgentHost,
    private readonly ports: Map<string, string[]>,
  ) {}

  async set(host: string, state: 'up' | 'down'): Promise<void> {
    const ports = this.ports.get(host);
    if (!ports) throw new Error(`no host «${host}» on the switch`);
    const script = ports
      .map((port) => `ip link set ${port} ${state} && ip -o link show dev ${port}`)
      .join(' && ');
    const { stdout } = await this.switchHost.exec(script);
    const up = stdout
      .trim()
      .split('\n')
      .filter((line) => /<[^>]*\bUP\b/.test(line)).length;
    if (up !== (state === 'up' ? ports.length : 0)) throw new CommandFailed('switch', script, 0, stdout);
  }
}
