import { spawn } from 'node:child_process';
import { Agent } from 'node:http';
import { Duplex } from 'node:stream';

/**
 * HTTP to a Docker behind ssh, as the docker command does it: OpenSSH with the user's own configuration, and
 * `docker system dial-stdio` on the other side. A host key that is not known is refused, and no password asked for.
 */
export function sshAgent(endpoint: string): Agent {
  const { hostname, port, username } = new URL(endpoint);
  const argv = [
    ...['-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes'],
    ...(port ? ['-p', port] : []),
    ...(username ? ['-l', decodeURIComponent(username)] : []),
    ...['--', hostname, 'docker', 'system', 'dial-stdio'],
  ];
  const agent = new Agent({ keepAlive: false });
  return Object.assign(agent, { createConnection: () => dial(argv) });
}

/** What ssh says when it fails is the reason of the connection's end. */
function dial(argv: string[]): Duplex {
  const ssh = spawn('ssh', argv, { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  ssh.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-1000);
  });
  const duplex = Duplex.from({ readable: ssh.stdout, writable: ssh.stdin });
  ssh.on('error', (error) => duplex.destroy(error));
  ssh.on('exit', (code) => {
    if (code !== 0 && code !== null) duplex.destroy(new Error(said.trim() || `ssh ended with ${code}`));
  });
  duplex.on('close', () => ssh.kill());
  // Node asks this of a socket.
  return Object.assign(duplex, {
    setKeepAlive: () => duplex,
    setNoDelay: () => duplex,
    setTimeout: () => duplex,
    ref: () => duplex,
    unref: () => duplex,
  });
}
