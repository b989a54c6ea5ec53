import { formatIpv4 } from '../util/ipv4.ts';
import { formatIpv6, parseIpv6 } from '../util/ipv6.ts';
import { ProbeFailed } from './errors.ts';

/** One row of `/proc/net/ip_vs_conn`. */
export interface Connection {
  /** `tcp`, `udp`, `sctp`; persistence templates of firewall marks have `ip`. */
  protocol: string;
  cip: string;
  /** 0 in a persistence template. */
  cport: number;
  vip: string;
  vport: number;
  rip: string;
  rport: number;
  /** `ESTABLISHED`, `FIN_WAIT`, `UDP`, …; templates have `NONE` or `ASSURED`. */
  state: string;
  expiresS: number;
  /** Of entries of a persistence engine: its name and what it tells clients apart by. */
  engine?: { name: string; data: string };
}

export interface Counters {
  connections: number;
  inPackets: number;
  outPackets: number;
  inBytes: number;
  outBytes: number;
}

export interface RuleServer {
  /** The RIP. */
  ip: string;
  port: number;
  forward: 'dr' | 'tun' | 'nat';
  weight: number;
}

export interface Rule {
  protocol: 'tcp' | 'udp' | 'sctp' | 'fwmark';
  /** For `fwmark` the mark itself, `7` or of IPv6 `7 -6`. */
  vip: string;
  /** 0 for `fwmark`. */
  port: number;
  scheduler: string;
  /** 0: not persistent. */
  persistenceS: number;
  onePacket: boolean;
  /** In the order in which the kernel lists them. */
  realServers: RuleServer[];
}

/** Addresses and ports are in hex there. */
export function parseConnections(text: string): Connection[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns.length >= 9 && /^([0-9A-F]{8}|[0-9a-f:]{39})$/i.test(columns[1] ?? ''))
    .map(
      ([
        protocol = '',
        cip = '',
        cport = '',
        vip = '',
        vport = '',
        rip = '',
        rport = '',
        state = '',
        s,
        engine,
        data = '',
      ]) => ({
        protocol: protocol.toLowerCase(),
        cip: hexIp(cip),
        cport: Number.parseInt(cport, 16),
        vip: hexIp(vip),
        vport: Number.parseInt(vport, 16),
        rip: hexIp(rip),
        rport: Number.parseInt(rport, 16),
        state,
        expiresS: Number(s),
        ...(engine !== undefined && { engine: { name: engine, data } }),
      }),
    );
}

/** Eight digits, or eight groups of four, in brackets where a port follows. */
export function hexIp(hex: string): string {
  const groups = parseIpv6(hex.replace(/^\[|\]$/g, ''));
  if (groups) return formatIpv6(groups);
  return formatIpv4(Number.parseInt(hex, 16));
}

/**
 * Sums the lines of the CPUs in `/proc/net/ip_vs_stats_percpu`, in hex. Not its line of totals (`~`): that one is
 * only refreshed every 2 s, like the counters of `ipvsadm --stats`.
 */
export function parseCounters(text: string): Counters {
  const cpus = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns.length === 6 && columns.every((column) => /^[0-9A-F]+$/i.test(column)))
    .map((columns) => columns.slice(1).map((hex) => Number.parseInt(hex, 16)));
  if (cpus.length === 0) throw new ProbeFailed('no CPU in /proc/net/ip_vs_stats_percpu');
  const sum = (column: number) => cpus.reduce((total, cpu) => total + (cpu[column] ?? 0), 0);
  return { connections: sum(0), inPackets: sum(1), outPackets: sum(2), inBytes: sum(3), outBytes: sum(4) };
}

const forwardFlag = { '-g': 'dr', '-i': 'tun', '-m': 'nat' } as const;
const protocolFlag = { '-t': 'tcp', '-u': 'udp', '--sctp-service': 'sctp', '-f': 'fwmark' } as const;

/** Parses `ipvsadm -Sn`: one `-A` line per service, its `-a` lines after it. It leaves connection thresholds out. */
export function parseRules(text: string): Rule[] {
  const rules: Rule[] = [];
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/);
    const after = (flag: string) => (words.includes(flag) ? words[words.indexOf(flag) + 1] : undefined);
    const number = (flag: string) => Number(after(flag) ?? 0);
    if (words[0] === '-A') {
      rules.push({
        ...serviceOf(words),
        scheduler: after('-s') ?? '',
        persistenceS: number('-p'),
        onePacket: words.includes('-o') || words.includes('--ops'),
        realServers: [],
      });
    } else if (words[0] === '-a') {
      const forward = words.map((word) => forwardFlag[word as keyof typeof forwardFlag]).find(Boolean);
      const [ip, port] = splitPort(after('-r') ?? '');
      rules.at(-1)?.realServers.push({
        ip,
        port,
        forward: forward ?? 'dr',
        weight: number('-w'),
      });
    }
  }
  return rules;
}

function serviceOf(words: string[]): Pick<Rule, 'protocol' | 'vip' | 'port'> {
  const flag = Object.keys(protocolFlag).find((known) => words.includes(known));
  if (flag === undefined) throw new ProbeFailed(`ipvsadm -Sn: no service in «${words.join(' ')}»`);
  const protocol = protocolFlag[flag as keyof typeof protocolFlag];
  const name = words[words.indexOf(flag) + 1] ?? '';
  if (protocol === 'fwmark') return { protocol, vip: words.includes('-6') ? `${name} -6` : name, port: 0 };
  const [vip, port] = splitPort(name);
  return { protocol, vip, port };
}

/** Of `198.18.0.100:80` and `[fd00::64]:80`. */
function splitPort(text: string): [string, number] {
  const colon = text.lastIndexOf(':');
  return [text.slice(0, colon).replace(/^\[|\]$/g, ''), Number(text.slice(colon + 1))];
}
