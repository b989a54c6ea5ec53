import type { FilesSpec } from '../../src/model/spec.ts';
import { starterOf, starters } from '../../src/model/starters.ts';
import { quote } from '../../src/util/quote.ts';

/** What a host is started by, as shell. Pure. */

/** Steps that end, in their order. */
export const passing = ({ start }: FilesSpec): string[] => start.filter((step) => !starterOf(step)?.daemon);
/** What stays: it comes last, whatever the order of the others is, when the real servers answer. */
export const staying = ({ start }: FilesSpec): string[] => start.filter((step) => starterOf(step)?.daemon);

/** Where a daemon writes what it says, in the host's folder. */
export const logOf = (step: string): string => `${step}.log`;

/** A line of shell is itself. */
export function scriptOf(step: string, files: FilesSpec): string {
  const script = scripts[step];
  return script ? script(files.paths.find((path) => starterOf(step)?.files.test(path)) ?? '') : step;
}

/** Given the file that called for it. */
const scripts: Record<string, (file: string) => string> = {
  // In the order of precedence that procps has, and of the kernel only what belongs to a host: the rest is the machine's.
  sysctl: () => `sysctl --pattern '^net[./]' --system`,
  // The folders of scripts are its package's, which ifup wants to be there; what it remembers ends with a boot.
  interfaces: () =>
    'cd /etc/network && rm -rf /run/network && mkdir -p /run/network if-pre-up.d if-up.d if-down.d if-post-down.d && exec ifup -a',
  nftables: (file) => `exec nft -f ${quote(file)}`,
  // As netfilter-persistent does (15-ip4tables, 25-ip6tables).
  iptables: () =>
    [
      ['rules.v4', 'iptables-restore'],
      ['rules.v6', 'ip6tables-restore'],
    ]
      .map(([file, program]) => `{ [ ! -e /etc/iptables/${file} ] || ${program} </etc/iptables/${file}; }`)
      .join(' && '),
  // As Debian's /etc/init.d/ipvsadm does.
  ipvsadm: (file) =>
    `[ ! -e /etc/default/ipvsadm ] || . /etc/default/ipvsadm
ipvsadm -R <${quote(file)} || exit
for state in \${DAEMON-}; do
  case $state in
  master | backup) ipvsadm --start-daemon "$state" --mcast-interface "\${IFACE:-eth0}" --syncid "\${SYNCID:-0}" || exit ;;
  both) for state in master backup; do ipvsadm --start-daemon "$state" --mcast-interface "\${IFACE:-eth0}" --syncid "\${SYNCID:-0}" || exit; done ;;
  esac
done`,
  // As Debian's unit does, but that what it says goes into a file of the lab.
  keepalived: () =>
    `[ ! -e /etc/default/keepalived ] || . /etc/default/keepalived
exec keepalived --dont-fork --log-console --log-detail --no-syslog \${DAEMON_ARGS-} >>${logOf('keepalived')} 2>&1`,
  ldirectord: (file) => `exec ldirectord -d ${quote(file)} start >>${logOf('ldirectord')} 2>&1`,
  // Its program makes folders of its own again; what lies in /etc/ha.d is there then, too.
  heartbeat: () =>
    `mkdir -p ha/conf && exec unshare --mount --uts /bin/sh "$0" "$(hostname)" >>${logOf('heartbeat')} 2>&1`,
};

/** What is missing on a host for a step, as one line of shell that says so and ends with 127. */
export function lookFor(step: string): string {
  const { program } = starters[step as keyof typeof starters] ?? {};
  return program ? `command -v ${program.name} >/dev/null || exit 127` : ':';
}
