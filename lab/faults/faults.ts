import { capabilityOf, type FaultSpec, faultProblem, type RunningFault } from '../../src/model/fault.ts';
import type { Host } from '../../src/model/host.ts';
import type { Faults } from '../../src/model/lab.ts';
import { hostSpec, serversOf } from '../../src/model/spec.ts';
import { CannotHere, NotInLab } from '../../src/util/errors.ts';
import { timeoutMs } from '../../src/util/timeouts.ts';
import { until } from '../../src/util/until.ts';
import { directorOf } from '../directors/index.ts';
import { badAnswers, serviceDead } from './answers.ts';
import { clockStep } from './clock.ts';
import { daemonFault } from './daemon.ts';
import { begin, type Fault } from './fault.ts';
import { flap, portDown } from './link.ts';
import type { Parts } from './parts.ts';
import { powerOff } from './power.ts';
import { rogueRouter } from './rogue-router.ts';
import { tableFull } from './table.ts';
import { announcementsLost, loss, partition } from './wire.ts';

/** The faults of every driver: they differ only in how a link is cut. */
export class LabFaults implements Faults {
  constructor(private readonly parts: Parts) {}

  async start(spec: FaultSpec): Promise<RunningFault> {
    const problem = faultProblem(spec, this.parts.spec);
    if (problem !== undefined) throw new NotInLab(problem);
    const lacking = this.parts.lacks(capabilityOf(spec)) ?? this.#lacksFor(spec);
    if (lacking !== undefined) throw new CannotHere(lacking);
    return begin(spec, this.#make(spec), this.parts.scope);
  }

  /** A link can be cut in labs of every driver; it flaps where there is a switch of ours. */
  #lacksFor({ kind }: FaultSpec): string | undefined {
    return kind === 'flap' && !this.parts.works
      ? 'drlab lets a link flap only where it made the switch itself, in labs of namespaces'
      : undefined;
  }

  #make(spec: FaultSpec): Fault {
    const { parts } = this;
    switch (spec.kind) {
      case 'daemon':
        return daemonFault(spec, parts, this);
      case 'powerOff':
        return powerOff(spec, parts, this);
      case 'portDown':
        return portDown(spec, parts);
      case 'flap':
        return flap(spec, parts);
      case 'loss':
        return loss(spec, parts);
      case 'partition':
        return partition(spec, parts);
      case 'announcementsLost':
        return announcementsLost(spec, parts);
      case 'slowAnswers':
      case 'errorAnswers':
      case 'hang':
        return badAnswers(spec, parts);
      case 'serviceDead':
        return serviceDead(spec, parts, this);
      case 'tableFull':
        return tableFull(spec, parts);
      case 'clockStep':
        return clockStep(spec, parts);
      case 'rogueRouter':
        return rogueRouter(spec, parts);
    }
  }

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
    const daemon = await directorOf(spec).apply(spec, hostSpec(spec, director), this.parts.host(director));
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
        .filter((s) => s.protocol === 'tcp' && serversOf(s).includes(realServer))
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
