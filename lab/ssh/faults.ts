import type { Faults } from '../../src/model/lab.ts';
import { deviceOf, hostSpec, type LabSpec } from '../../src/model/spec.ts';
import { timeoutMs } from '../../src/util/timeouts.ts';
import { until } from '../../src/util/until.ts';
import { kinds } from '../directors/index.ts';
import type { NetnsProcess } from '../netns/process.ts';
import type { RealServers } from '../servers/index.ts';
import type { SshHost } from './host.ts';
import type { Ledger } from './ledger.ts';
import { cutScript, mendScript } from './link-cut.ts';

/** What the faults act on. */
export interface Parts {
  spec: LabSpec;
  host(name: string): SshHost;
  ledger(name: string): Ledger;
  servers: RealServers;
  /** Daemons of the directors. */
  daemons: Map<string, NetnsProcess>;
}

export class SshFaults implements Faults {
  constructor(private readonly parts: Parts) {}

  async cutLink(name: string): Promise<void> {
    const device = deviceOf(hostSpec(this.parts.spec, name));
    await this.parts.ledger(name).change([{ command: mendScript(device) }], cutScript(device));
  }

  async restoreLink(name: string): Promise<void> {
    await this.parts.host(name).exec(mendScript(deviceOf(hostSpec(this.parts.spec, name))));
  }

  async killService(realServer: string): Promise<void> {
    await this.parts.servers.kill(realServer);
    await this.#expectListening(realServer, false);
  }

  async restartService(realServer: string): Promise<void> {
    await this.parts.servers.restart(realServer);
    await this.#expectListening(realServer, true);
  }

  /** KILL, STOP and CONT hit every process of the daemon at once; TERM asks its first process to end them. */
  async signalDirector(director: string, signal: 'TERM' | 'KILL' | 'STOP' | 'CONT'): Promise<void> {
    const daemon = this.parts.daemons.get(director);
    if (!daemon) throw new Error(`no daemon runs on ${director}`);
    if (signal === 'TERM') daemon.kill('SIGTERM');
    else daemon.killGroup(`SIG${signal}`);
    if (signal === 'TERM' || signal === 'KILL') {
      this.parts.daemons.delete(director);
      await daemon.exited;
      return;
    }
    await until(
      `the daemon of ${director} to take ${signal}`,
      async () => {
        const { stdout } = await this.parts.host(director).exec(`cat /proc/${daemon.pid}/stat`);
        return (/\) (\S)/.exec(stdout)?.[1] === 'T') === (signal === 'STOP') || undefined;
      },
      { withinMs: timeoutMs.ready, everyMs: 5 },
    );
  }

  async startDirector(director: string): Promise<void> {
    const { spec, daemons } = this.parts;
    if (daemons.has(director)) throw new Error(`the daemon of ${director} is running`);
    const host = this.parts.host(director);
    const daemon = await kinds[spec.director.kind].apply(spec, hostSpec(spec, director), host);
    if (daemon) daemons.set(director, daemon);
  }

  /** Looks at the sockets themselves: state 0A is LISTEN; UDP sockets have no such state. */
  async #expectListening(realServer: string, expected: boolean): Promise<void> {
    const ports = new Set(
      this.parts.spec.services
        .filter((s) => s.protocol === 'tcp' && s.realServers.some(({ name }) => name === realServer))
        .map((s) => s.port.toString(16).toUpperCase().padStart(4, '0')),
    );
    let seen = '';
    await until(
      `${realServer} ${expected ? 'to listen' : 'to listen no more'}`,
      async () => {
        seen = (await this.parts.host(realServer).exec('cat /proc/net/tcp')).stdout;
        const listens = (port: string) => new RegExp(`: [0-9A-F]{8}:${port} \\S+ 0A `).test(seen);
        return [...ports].every((port) => listens(port) === expected) || undefined;
      },
      { withinMs: timeoutMs.ready, lastSeen: () => seen },
    );
  }
}

const refused = (): Promise<never> =>
  Promise.reject(new Error('this lab is read-only: nothing is broken in it'));

/** For a lab that is only looked at; `lacks` says so before anybody asks. */
export const noFaults: Faults = {
  cutLink: refused,
  restoreLink: refused,
  killService: refused,
  restartService: refused,
  signalDirector: refused,
  startDirector: refused,
};
