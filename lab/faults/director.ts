import type { Host } from '../../src/model/host.ts';
import { hostSpec } from '../../src/model/spec.ts';
import { timeoutMs } from '../../src/util/timeouts.ts';
import { until } from '../../src/util/until.ts';
import { directorOn } from '../files/index.ts';
import type { Parts } from './parts.ts';

export type DirectorSignal = 'TERM' | 'KILL' | 'STOP' | 'CONT';

/** KILL, STOP and CONT hit every process of the daemon at once; TERM asks its first process to end them. */
export async function signalDirector(parts: Parts, director: string, signal: DirectorSignal): Promise<void> {
  const daemon = parts.daemons.get(director);
  if (!daemon) throw new Error(`no daemon runs on ${director}`);
  if (signal === 'TERM') daemon.kill('SIGTERM');
  else daemon.killGroup(`SIG${signal}`);
  if (signal === 'TERM' || signal === 'KILL') {
    parts.daemons.delete(director);
    await daemon.exited;
    return;
  }
  await until(
    `the daemon of ${director} to take ${signal}`,
    () => isStopped(parts.host(director), daemon.pid, signal === 'STOP'),
    {
      withinMs: timeoutMs.ready,
      everyMs: 5,
    },
  );
}

export async function startDirector(parts: Parts, director: string): Promise<void> {
  if (parts.daemons.has(director)) throw new Error(`the daemon of ${director} is running`);
  const { spec } = parts;
  const host = hostSpec(spec, director);
  const daemon = await directorOn(spec, host).apply(spec, host, parts.host(director));
  if (daemon) parts.daemons.set(director, daemon);
}

/** @returns true when the process is in the wanted state (`T` in /proc is stopped). */
async function isStopped(host: Host, pid: number, wanted: boolean): Promise<true | undefined> {
  const state = /\) (\S)/.exec(Buffer.from(await host.get(`/proc/${pid}/stat`)).toString())?.[1];
  return (state === 'T') === wanted || undefined;
}
