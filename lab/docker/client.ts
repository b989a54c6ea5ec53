import type Docker from 'dockerode';
import { LabUnavailable, messageOf } from '../../src/util/errors.ts';
import { sshAgent } from './ssh-endpoint.ts';

/** Docker 19.03; earlier ones cannot leave only a part of /proc/sys writable. */
const oldestApi = '1.40';

/**
 * A Docker that answers and is new enough.
 * @param endpoint `unix://PATH`, `tcp://HOST:PORT` or `ssh://[USER@]HOST[:PORT]`
 * @throws {LabUnavailable} saying why it cannot be used, and what to do.
 */
export async function connect(endpoint: string): Promise<Docker> {
  const { default: Client } = await import('dockerode');
  const docker = new Client(optionsOf(endpoint));
  let apiVersion: string;
  try {
    ({ ApiVersion: apiVersion } = await docker.version());
  } catch (error) {
    throw unreachable(endpoint, error);
  }
  if (isOlder(apiVersion, oldestApi)) {
    const needs = `drlab needs ${oldestApi} (Docker 19.03) or newer`;
    throw new LabUnavailable(`the Docker at ${endpoint} speaks API ${apiVersion}; ${needs}.`, {
      hint: 'update that Docker, or use «endpoint: own», which starts the one installed here',
    });
  }
  return docker;
}

/** By numbers: 1.9 is older than 1.40. */
export function isOlder(version: string, than: string): boolean {
  const [a = [], b = []] = [version, than].map((text) => text.split('.').map(Number));
  return (a[0] ?? 0) !== (b[0] ?? 0) ? (a[0] ?? 0) < (b[0] ?? 0) : (a[1] ?? 0) < (b[1] ?? 0);
}

function optionsOf(endpoint: string): Docker.DockerOptions {
  const { protocol, hostname, port } = new URL(endpoint);
  if (protocol === 'unix:') return { socketPath: endpoint.slice('unix://'.length) };
  if (protocol === 'tcp:') return { protocol: 'http', host: hostname, port: port || '2375' };
  return { protocol: 'http', host: 'docker', port: '80', agent: sshAgent(endpoint) } as Docker.DockerOptions;
}

function unreachable(endpoint: string, error: unknown): LabUnavailable {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const details = { cause: error };
  if (code === 'EACCES')
    return new LabUnavailable(`this user may not use the Docker at ${endpoint}: permission denied.`, {
      hint: 'join the group docker (sudo usermod -aG docker $USER, then log in again), or use sudo',
      ...details,
    });
  if (code === 'ENOENT' || code === 'ECONNREFUSED')
    return new LabUnavailable(`no Docker is running at ${endpoint} (${messageOf(error)}).`, {
      hint: 'start it (sudo systemctl start docker), or use «endpoint: own» as root',
      ...details,
    });
  return new LabUnavailable(`the Docker at ${endpoint} cannot be reached: ${messageOf(error)}`, {
    hint: `does «docker -H ${endpoint} version» work?`,
    ...details,
  });
}
