import type { LabSpec } from '../../src/model/spec.ts';
import { quoteAll } from '../../src/util/quote.ts';
import { sysctlPath } from '../base/addressing.ts';
import { ledgerFolder } from './ledger-text.ts';
import type { Machine } from './machine.ts';

export interface Link {
  name: string;
  mac: string;
  up: boolean;
  addresses: { ip: string; prefixLength: number }[];
}

/** What a machine is like before drlab has changed anything. */
export interface Inspection {
  uid: number;
  bootId: string;
  links: Link[];
  gateway: string | undefined;
  /** The address at which this machine is logged in to, and from where. */
  ssh: { clientIp: string; clientPort: number; serverIp: string; serverPort: number } | undefined;
  programs: Set<string>;
  /** Major version of node; undefined without node. */
  nodeMajor: number | undefined;
  /** Path below /proc/sys to value. */
  sysctls: Map<string, string>;
  /** Lines of /proc/net/ip_vs after its head; undefined where the kernel has no IPVS. */
  ipvs: string[] | undefined;
  /** Processes called keepalived in its network namespace. */
  keepalived: number[];
  nftTables: string[];
  /** Undo ledgers of labs that were not taken down. */
  ledgers: string[];
}

const separator = '=== drlab: ';
const programs =
  'ip sysctl tcpdump ipvsadm keepalived nft perl node tc ethtool iperf3 flock sed sync tar modprobe grep';

/** Reads in one round trip; changes nothing. */
export async function inspect(machine: Machine, spec: LabSpec): Promise<Inspection> {
  const host = spec.hosts.find(({ name }) => name === machine.name);
  const paths = Object.keys(host?.sysctls ?? {}).map((key) => `/proc/sys/${sysctlPath(key)}`);
  const { stdout } = await machine.exec(inspectScript(paths));
  return parseInspection(stdout);
}

export function inspectScript(sysctlPaths: string[]): string {
  const sections: [string, string][] = [
    ['uid', 'id -u'],
    ['boot', 'cat /proc/sys/kernel/random/boot_id'],
    ['links', 'ip -j addr show'],
    ['gateway', 'ip -4 route show default'],
    ['ssh', 'echo "$DRLAB_SSH"'],
    ['programs', `for p in ${programs}; do command -v "$p" >/dev/null && echo "$p"; done`],
    ['node', 'command -v node >/dev/null && node --version'],
    [
      'sysctls',
      `grep -rsH '' /proc/sys/net/ipv4/conf /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/vs ${quoteAll(sysctlPaths)}`,
    ],
    ['ipvs', '[ ! -e /proc/net/ip_vs ] || { echo there; cat /proc/net/ip_vs; }'],
    [
      'keepalived',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
      'for f in $(grep -lsx keepalived /proc/[0-9]*/comm); do p=${f#/proc/} p=${p%/comm}; [ "/proc/$p/ns/net" -ef /proc/self/ns/net ] && echo "$p"; done',
    ],
    ['nft', 'command -v nft >/dev/null && nft list tables 2>/dev/null'],
    ['ledgers', `for f in ${ledgerFolder}/ledger-*.sh; do [ -e "$f" ] && echo "$f"; done`],
  ];
  return sections
    .map(([name, script]) => `echo '${separator}${name}'\n${script}\n`)
    .join('')
    .concat('true\n');
}

export function parseInspection(text: string): Inspection {
  const sections = new Map<string, string>();
  for (const section of text.split(separator).slice(1)) {
    const end = section.indexOf('\n');
    sections.set(section.slice(0, end), section.slice(end + 1).trim());
  }
  const of = (name: string): string => sections.get(name) ?? '';
  const lines = (name: string): string[] => of(name).split('\n').filter(Boolean);
  const ipvs = lines('ipvs');
  const node = /^v(\d+)\./.exec(of('node'))?.[1];
  return {
    uid: Number(of('uid') || Number.NaN),
    bootId: of('boot'),
    links: parseLinks(of('links')),
    gateway: /\bvia (\S+)/.exec(of('gateway'))?.[1],
    ssh: parseSsh(of('ssh')),
    programs: new Set(lines('programs')),
    nodeMajor: node === undefined ? undefined : Number(node),
    sysctls: new Map(
      lines('sysctls').map((line): [string, string] => {
        const at = line.indexOf(':');
        return [line.slice('/proc/sys/'.length, at), line.slice(at + 1)];
      }),
    ),
    ipvs:
      ipvs.length > 0
        ? ipvs.slice(1).filter((line) => /^(TCP|UDP|SCTP|FWM|\s+->\s+[0-9A-F]{8})/.test(line))
        : undefined,
    keepalived: lines('keepalived').map(Number),
    nftTables: lines('nft').map((line) => line.replace(/^table /, '')),
    ledgers: lines('ledgers'),
  };
}

interface IpLink {
  ifname?: string;
  address?: string;
  flags?: string[];
  addr_info?: { family?: string; local?: string; prefixlen?: number }[];
}

const parseLinks = (json: string): Link[] =>
  (json === '' ? [] : (JSON.parse(json) as IpLink[])).map((link) => ({
    name: link.ifname ?? '',
    mac: (link.address ?? '').toLowerCase(),
    up: link.flags?.includes('UP') ?? false,
    addresses: (link.addr_info ?? [])
      .filter(({ family }) => family === 'inet')
      .map(({ local, prefixlen }) => ({ ip: local ?? '', prefixLength: prefixlen ?? 0 })),
  }));

function parseSsh(text: string): Inspection['ssh'] {
  const [clientIp, clientPort, serverIp, serverPort] = text.split(' ');
  if (!clientIp || !clientPort || !serverIp || !serverPort) return undefined;
  return { clientIp, clientPort: Number(clientPort), serverIp, serverPort: Number(serverPort) };
}
