import { join } from 'node:path';
import type { HostSpec } from '../../src/model/spec.ts';
import { aloneOn } from '../../src/model/starters.ts';
import { startProgram } from '../../src/programs/index.ts';
import { StepFailed } from '../../src/util/errors.ts';
import type { AgentHost } from '../agent/host.ts';

/** Namespaces of a host that has files of its own. */
export interface Own {
  host: string;
  uts: string;
  mounts: string;
}

/**
 * Lays the files of a host over the root as that host sees it, where hosts share the files of one machine.
 * @throws {StepFailed} for a file that cannot lie there.
 */
export async function layNear({ files }: HostSpec, host: AgentHost): Promise<Own | undefined> {
  if (!files) return undefined;
  await using process = await startProgram(host, 'lay-files', [
    host.name,
    join(host.folder, 'own'),
    files.from,
    ...aloneOn(files.paths),
  ]);
  const { value } = await process.lines()[Symbol.asyncIterator]().next();
  if (value !== 'ready') {
    await process.exited;
    throw new StepFailed(`${files.place}.files`, `on ${host.name}: ${process.stderr().trim()}`);
  }
  return { host: host.name, ...(await host.agent.hold(host.name, process.pid)) };
}

/** A shell function in front of `ip`, so that `ip netns exec HOST` sees the files of the host, too. */
export function reachOwn(all: readonly Own[]): string | undefined {
  if (all.length === 0) return undefined;
  const cases = all.map(
    ({ host, uts, mounts }) =>
      `'netns exec ${host}') shift 3; nsenter --uts=${uts} --mount=${mounts} --net=/run/netns/${host} -- "$@" ;;`,
  );
  return `ip() { case "$1 $2 $3" in\n${cases.join('\n')}\n*) command ip "$@" ;; esac; }`;
}
