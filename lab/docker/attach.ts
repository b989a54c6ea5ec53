import { type Duplex, PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import type { ContainerCreateOptions } from 'dockerode';
import { programCommand } from '../../src/programs/index.ts';
import { LabUnavailable, messageOf } from '../../src/util/errors.ts';
import type { AgentLine } from '../agent/agent.ts';
import { Agent } from '../agent/agent.ts';

/** The agent travels as an argument, so that a container needs nothing but perl. */
export const agentCommand = (): string[] => programCommand('agent', []);

export interface StartedContainer {
  id: string;
  agent: Agent;
  /** Resolves when the container is gone; only then may its network go. */
  removed: Promise<unknown>;
}

/**
 * Starts a container whose first process is an agent, with the one connection that feeds it. When that breaks, for
 * whatever reason, the agent ends; so does the container, and Docker removes it.
 */
export async function startContainer(
  docker: Docker,
  options: ContainerCreateOptions,
): Promise<StartedContainer> {
  const name = options.name ?? '';
  const container = await docker.createContainer(options).catch((error) => {
    throw refused(name, error);
  });
  try {
    const stream = await container.attach({
      stream: true,
      hijack: true,
      stdin: true,
      stdout: true,
      stderr: true,
    });
    const [output, errors] = [new PassThrough(), new PassThrough()];
    docker.modem.demuxStream(stream, output, errors);
    const ended = new Promise<string>((resolve) => {
      const end = (why: string) => {
        output.end();
        errors.end();
        resolve(why);
      };
      stream.on('error', (error) => end(error.message));
      stream.on('close', () => end('its connection ended'));
      stream.on('end', () => end('it ended'));
    });
    const problem = (why: string) => new LabUnavailable(`container ${name}: ${why}`);
    const line: AgentLine = { input: stream as Duplex, output, errors, ended, problem };
    const agent = new Agent(line);
    const removed = container.wait({ condition: 'removed' }).catch(() => {});
    await container.start();
    return { id: container.id, agent, removed };
  } catch (error) {
    await container.remove({ force: true }).catch(() => {});
    throw error instanceof LabUnavailable ? error : refused(name, error);
  }
}

function refused(name: string, error: unknown): LabUnavailable {
  const said = (error as { json?: { message?: string } }).json?.message ?? messageOf(error);
  return new LabUnavailable(`Docker did not start the container ${name}: ${said}`, { cause: error });
}
