import type { Host } from '../../src/model/host.ts';

/** Shell text that adds a service and its real servers: `-t VIP:PORT`, `-f MARK`, `--sctp-service VIP:PORT`. */
export const addService = (name: string, options: string, servers: readonly string[]): string =>
  [
    `ipvsadm -A ${name} ${options}`,
    ...servers.map((server) => `ipvsadm -a ${name} -r ${server} -g -w 1`),
  ].join('\n');

/** Runs `work` while the director has other rules; afterwards those that it had are back. */
export async function withRules<T>(director: Host, setUp: string, work: () => Promise<T>): Promise<T> {
  const { stdout: saved } = await director.exec('ipvsadm -Sn');
  try {
    await director.exec(`set -e\n${setUp}`);
    return await work();
  } finally {
    await director.exec('ipvsadm -C; exec ipvsadm -R', { input: saved });
  }
}

/** Shell text that marks TCP connections to a port of the VIP; after the rules that are there already. */
const mark = (verb: '-A' | '-D', vip: string, port: number, value: number): string =>
  `iptables-legacy -t mangle ${verb} PREROUTING -d ${vip} -p tcp --dport ${port} -j MARK --set-mark ${value}`;

/** Runs `work` while packets to these ports of the VIP carry the mark. */
export async function withMarks<T>(
  director: Host,
  { vip, ports, value }: { vip: string; ports: readonly number[]; value: number },
  work: () => Promise<T>,
): Promise<T> {
  const each = (verb: '-A' | '-D') => ports.map((port) => mark(verb, vip, port, value));
  try {
    await director.exec(`set -e\n${each('-A').join('\n')}`);
    return await work();
  } finally {
    await director.exec(`${each('-D').join(' 2>&-\n')} 2>&-; :`);
  }
}

/** A mutant's rule that keeps a port from the marks of `withMarks`. */
export const unmarked = (port: number): string =>
  `iptables-legacy -t mangle -A PREROUTING -p tcp --dport ${port} -j ACCEPT`;
