import type { FaultSpec } from '../../src/model/fault.ts';
import type { Host } from '../../src/model/host.ts';
import { signalDirector, startDirector } from './director.ts';
import type { Fault } from './fault.ts';
import type { Parts } from './parts.ts';

type DaemonSpec = Extract<FaultSpec, { kind: 'daemon' }>;

/** A process as /proc/PID/stat tells of it. */
export interface Seen {
  pid: number;
  name: string;
  /** One letter of proc(5): R, S, D, T (stopped), Z (dead, not yet reaped). */
  state: string;
  group: number;
}

export const parseStat = (text: string): Seen[] =>
  [...text.matchAll(/^(\d+) \((.*)\) (\S) \d+ (\d+) /gm)].map(([, pid, name = '', state = '', group]) => ({
    pid: Number(pid),
    name,
    state,
    group: Number(group),
  }));

async function groupOf(host: Pick<Host, 'exec'>, group: number): Promise<Seen[]> {
  const { stdout } = await host.exec('cat /proc/[0-9]*/stat 2>/dev/null; true');
  return parseStat(stdout).filter((one) => one.group === group && one.state !== 'Z');
}

/** TERM and KILL end it, and it is started again; STOP is taken back by CONT. */
export function daemonFault({ host: name, signal }: DaemonSpec, parts: Parts): Fault {
  let group = 0;
  const stops = signal === 'STOP';
  return {
    async apply() {
      group = parts.daemons.get(name)?.pid ?? 0;
      await signalDirector(parts, name, signal);
    },
    async verify() {
      const left = await groupOf(parts.host(name), group);
      const going = left.filter(({ state }) => state !== 'T');
      const happened = stops ? left.length > 0 && going.length === 0 : left.length === 0;
      const names = (some: Seen[]) => some.map((one) => `${one.name} (${one.pid})`).join(', ');
      const sentence = stops
        ? going.length === 0
          ? `${names(left)} of ${name} is stopped`
          : `${names(going)} of ${name} goes on`
        : left.length === 0
          ? `no process of the daemon of ${name} is left`
          : `${names(left)} of ${name} is still running`;
      return { happened, sentence, data: { processes: left } };
    },
    async revert() {
      if (stops) await signalDirector(parts, name, 'CONT');
      else if (!parts.daemons.has(name)) await startDirector(parts, name);
    },
  };
}
