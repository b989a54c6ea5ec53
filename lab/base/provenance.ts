import type { Lab } from '../../src/model/lab.ts';
import type { HostProvenance } from '../../src/model/record.ts';
import { deviceOf, type HostSpec } from '../../src/model/spec.ts';
import { sysctlPath } from './addressing.ts';

const separator = '=== drlab: ';

/** What really holds on every host, read in one round trip per host. */
export async function provenance(lab: Lab): Promise<HostProvenance[]> {
  return Promise.all(
    lab.spec.hosts.map(async (host) => {
      const { stdout } = await lab.host(host.name).exec(provenanceScript(host));
      return { host: host.name, role: host.role, facts: parseFacts(stdout) };
    }),
  );
}

/** One process for three answers; `lo` is shown between them since `ip -batch` cannot print a separator. */
const ipBatch = 'neighbour show\nlink show dev lo\nroute show table all\nlink show dev lo\naddress show\n';
const shownLo = /^1: lo:.*\n.*link\/loopback.*\n/m;

/** A missing program leaves its message as the fact: it is no reason to do without the others. */
export function provenanceScript(host: HostSpec): string {
  const commands: [string, string][] = [
    ['ip', `ip -batch - 2>&1 <<'END'\n${ipBatch}END`],
    ['qdiscs', 'tc -s qdisc show 2>&1'],
    ['sysctls', sysctlScript(host)],
    ['offloads', `ethtool -k ${deviceOf(host)} 2>&1`],
  ];
  if (host.role === 'director')
    commands.push(['ipvsadm -Sn', '[ ! -e /proc/net/ip_vs ] || ipvsadm -Sn 2>&1']);
  return commands
    .map(([heading, command]) => `echo '${separator}${heading}'\n${command}\n`)
    .join('')
    .concat('true\n');
}

/** Not with the shell's `read`: it asks for one byte at a time, and these files answer only the first time. */
function sysctlScript(host: HostSpec): string {
  const paths = Object.keys(host.sysctls).map((key) => `/proc/sys/${sysctlPath(key)}`);
  if (host.role === 'director') paths.push('/proc/sys/net/ipv4/vs/*');
  return paths.length > 0 ? `grep -sH '' ${paths.join(' ')}` : ':';
}

export function parseFacts(text: string): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const section of text.split(separator).slice(1)) {
    const end = section.indexOf('\n');
    const [heading, body] = [section.slice(0, end), section.slice(end + 1)];
    if (heading === 'ip') Object.assign(facts, parseIp(body));
    else facts[heading] = (heading === 'sysctls' ? formatSysctls(body) : body).trimEnd();
  }
  return facts;
}

function parseIp(text: string): Record<string, string> {
  const [neighbours = '', afterNeighbours = ''] = cut(text);
  const [routes = '', addresses = ''] = cut(afterNeighbours);
  return { addresses: addresses.trimEnd(), neighbours: neighbours.trimEnd(), routes: routes.trimEnd() };
}

/** The text before and after the first place where `lo` is shown. */
function cut(text: string): [string, string] {
  const found = shownLo.exec(text);
  return found ? [text.slice(0, found.index), text.slice(found.index + found[0].length)] : [text, ''];
}

/** `/proc/sys/net/ipv4/ip_forward:1` to `net.ipv4.ip_forward = 1`; a dot in a name (`eth0.5`) becomes a `/`. */
const formatSysctls = (text: string): string =>
  text.replace(/^\/proc\/sys\/([^:]+):/gm, (_, path: string) => `${sysctlPath(path)} = `);
