import type { Lab } from '../../src/model/lab.ts';
import type { HostProvenance } from '../../src/model/record.ts';
import type { HostSpec } from '../../src/model/spec.ts';
import { sysctlPath } from './plan.ts';

const separator = '=== drlab: ';

/** What really holds on every host, read in one round trip per host. */
export async function provenance(lab: Lab): Promise<HostProvenance[]> {
  return Promise.all(
    lab.spec.hosts.map(async (host) => {
      const { stdout } = await lab.host(host.name).exec(provenanceScript(host));
      return { host: host.name, role: host.role, facts: parseSections(stdout) };
    }),
  );
}

/** A missing program leaves its message as the fact: it is no reason to do without the others. */
export function provenanceScript(host: HostSpec): string {
  const commands: [string, string][] = [
    ['addresses', 'ip -d address show'],
    ['neighbours', 'ip neighbour show'],
    ['routes', 'ip route show table all'],
    ['qdiscs', 'tc -s qdisc show'],
    ['sysctls', sysctlScript(host)],
    ['offloads', 'ethtool -k eth0'],
  ];
  if (host.role === 'director') commands.push(['ipvsadm -Sn', '[ ! -e /proc/net/ip_vs ] || ipvsadm -Sn']);
  return commands
    .map(([heading, command]) => `echo '${separator}${heading}'\n${command} 2>&1\n`)
    .join('')
    .concat('true\n');
}

/** Builtins only; the IPVS sysctls of a director are of interest whether the lab set them or not. */
function sysctlScript(host: HostSpec): string {
  const own = Object.keys(host.sysctls).map(
    (key) => `read -r v </proc/sys/${sysctlPath(key)} && echo "${key} = $v"\n`,
  );
  const ipvs =
    'for f in /proc/sys/net/ipv4/vs/*; do [ -r "$f" ] && read -r v <"$f" && echo "net.ipv4.vs.${f##*/} = $v"; done';
  return `{ ${own.join('')}${host.role === 'director' ? ipvs : ':'}\n}`;
}

export function parseSections(text: string): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const section of text.split(`${separator}`).slice(1)) {
    const end = section.indexOf('\n');
    facts[section.slice(0, end)] = section.slice(end + 1).trimEnd();
  }
  return facts;
}
