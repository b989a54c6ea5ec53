import type { Host } from '../../src/model/host.ts';
import type { Faults } from '../../src/model/lab.ts';
import { hostSpec, type LabSpec } from '../../src/model/spec.ts';
import { timeoutMs } from '../../src/util/timeouts.ts';
import { until } from '../../src/util/until.ts';
import { kinds } from '../directors/index.ts';
import type { NetnsProcess } from '../netns/process.ts';

/** How a driver cuts a host off. */
export interface Links {
  set(host: string, state: 'up' | 'down'): Promise<void>;
}

/** How a driver stops and starts what a real server serves. */
export interface Services {
  kill(name: string): Promise<void>;
  restart(name: string): Promise<void>;
}

/** A host of any driver, together with what is known of a started program. */
type LabHost = Host & { spawn(argv: string[]): Promise<NetnsProcess> };

/** What the faults act on. */
export interface Parts {
  spec: LabSpec;
  host(name: string): LabHost;
  links: Links;
  servers: Services;
  /** Daemons of the directors. */
  daemons: Map<string, NetnsProcess>;
}

/** The faults of every driver: they differ only in how a link is cut. */
export class LabFaults implements Faults {
  constructor(private readonly parts: Parts) {}

  cutLink(host: string): Promise<void> {
    return this.parts.links.set(host, 'down');
  }

  restoreLink(host: string): Promise<void> {
    return this.parts.links.set(host, 'up');
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
      () => isStopped(this.parts.host(director), daemon.pid, signal === 'STOP'),
      {
        withinMs: timeoutMs.ready,
        everyMs: 5,
      },
    );
  }

  async startDirector(director: string): Promise<void> {
    if (this.parts.daemons.has(director)) throw new Error(`the daemon of ${director} is running`);
    const { spec } = this.parts;
    const daemon = await kinds[spec.director.kind].apply(
      spec,
      hostSpec(spec, director),
      this.parts.host(director),
    );
    if (daemon) this.parts.daemons.set(director, daemon);
  }

  /**
   * Looks at the sockets themselves: state 0A is LISTEN; UDP sockets have no such state. A server may listen on `::`
   * for both families.
   */
  async #expectListening(realServer: string, expected: boolean): Promise<void> {
    const { spec } = this.parts;
    const ports = new Set(
      spec.services
        .filter((s) => s.protocol === 'tcp' && s.realServers.some(({ name }) => name === realServer))
        .map((s) => s.port.toString(16).toUpperCase().padStart(4, '0')),
    );
    let seen = '';
    await until(
      `${realServer} ${expected ? 'to listen' : 'to listen no more'}`,
      async () => {
        const script = `for file in /proc/net/tcp /proc/net/tcp6; do
  [ ! -r "$file" ] || while read -r _ local _ state _; do echo "$state:$local"; done <"$file"
done`;
        seen = (await this.parts.host(realServer).exec(script)).stdout;
        const listening = [...ports].filter((port) => new RegExp(`^0A:[0-9A-F]+:${port}$`, 'm').test(seen));
        return listening.length === (expected ? ports.size : 0) || undefined;
      },
      { withinMs: timeoutMs.ready, lastSeen: () => seen },
    );
  }
}

/** @returns true when the process is in the wanted state (`T` in /proc is stopped). */
async function isStopped(host: Host, pid: number, wanted: boolean): Promise<true | undefined> {
  const state = /\) (\S)/.exec(Buffer.from(await host.get(`/proc/${pid}/stat`)).toString())?.[1];
  return (state === 'T') === wanted || undefined;
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
