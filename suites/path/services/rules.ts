import type { Host } from '../../../src/model/host.ts';
import { ProbeFailed } from '../../../src/probe/errors.ts';

/** Lines for `ipvsadm -R` that add a service: `-t VIP:PORT`, `-f MARK`, `--sctp-service VIP:PORT`; its real servers. */
export const addService = (name: string, options: string, servers: readonly string[]): string[] => [
  `-A ${name} ${options}`,
  ...servers.map((server) => `-a ${name} -r ${server} -g -w 1`),
];

/**
 * Runs `work` while the director has other rules; afterwards those that it had are back.
 * @param lines for `ipvsadm -R`, which takes every command, and starts one program for all of them
 */
export async function withRules<T>(director: Host, lines: string[], work: () => Promise<T>): Promise<T> {
  const { stdout: saved } = await director.exec('exec ipvsadm -Sn');
  try {
    await feed(director, `${lines.join('\n')}\n`);
    return await work();
  } finally {
    await feed(director, `-C\n${saved}`);
  }
}

/** Its exit code is 0 whatever it could not do. */
async function feed(director: Host, input: string): Promise<void> {
  const { stderr } = await director.exec('exec ipvsadm -R', { input });
  if (stderr.trim() !== '') throw new ProbeFailed(`ipvsadm -R on ${director.name}: ${stderr.trim()}`);
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
