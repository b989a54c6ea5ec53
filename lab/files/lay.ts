import { join } from 'node:path';
import type { HostSpec } from '../../src/model/spec.ts';
import { aloneOn } from '../../src/model/starters.ts';
import { startProgram } from '../../src/programs/index.ts';
import { messageOf, StepFailed } from '../../src/util/errors.ts';
import type { AgentHost } from '../agent/host.ts';

/**
 * Lays the files of a host over the root as that host sees it, where hosts share the files of one machine.
 * @throws {StepFailed} for a file that cannot lie there.
 */
export async function layNear({ files }: HostSpec, host: AgentHost): Promise<void> {
  if (!files) return;
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
  await host.agent.hold(host.name, process.pid).catch((error) => {
    throw new Error(`the mounts of ${host.name}: ${messageOf(error)}`);
  });
}
