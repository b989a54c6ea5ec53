import type { Host } from '../../src/model/host.ts';

/** In the folder of its host. */
export const confFile = 'keepalived.conf';
export const log = 'keepalived.log';

/**
 * A line of shell that becomes keepalived at once, in the folder of its host. Two on one machine that share any of their pid
 * files end each other; that of BFD can be named only where keepalived was built with BFD, so it is asked first, and not
 * by that line: whoever looks for keepalived right after its start must find the daemon itself.
 */
export async function keepalivedCommand(host: Pick<Host, 'exec'>, ...options: string[]): Promise<string> {
  const { stdout } = await host.exec('keepalived --help 2>&1 || :');
  const bfd = stdout.includes('--bfd_pid=') ? ['-b', '"$PWD/bfd.pid"'] : [];
  const words = ['-n', '-l', '-D', '-G', ...options, '-f', `"$PWD/${confFile}"`, ...pidFiles, ...bfd];
  return `exec keepalived ${words.join(' ')} >>${log} 2>&1`;
}

const pidFiles = ['-p', '"$PWD/keepalived.pid"', '-r', '"$PWD/vrrp.pid"', '-c', '"$PWD/checkers.pid"'];
