import { quote } from '../../src/util/quote.ts';

/** One line of shell that takes a change back; harmless when the change was never made, or is gone already. */
export interface Undo {
  command: string;
  /** The change outlives a restart of the machine (files); all others end with it. */
  outlivesBoot?: boolean;
}

export interface LedgerOf {
  /** Unique for a lab that was built. */
  id: string;
  host: string;
  /** `/proc/sys/kernel/random/boot_id` of the machine. */
  bootId: string;
  /** For whoever finds the file. */
  madeBy: string;
}

/** On the machine's disk, since what is below /run does not outlive a power cut. */
export const ledgerFolder = '/var/lib/drlab';
export const ledgerPath = ({ id, host }: Pick<LedgerOf, 'id' | 'host'>): string =>
  `${ledgerFolder}/ledger-${id}-${host}.sh`;

/** In the environment of every process that the lab starts there; the dot keeps rs1 and rs10 apart. */
export const markOf = ({ id, host }: Pick<LedgerOf, 'id' | 'host'>): string => `${id}-${host}.`;

/** Files of the lab on the machine. */
export const folderOf = ({ id, host }: Pick<LedgerOf, 'id' | 'host'>): string => `/run/drlab-${id}-${host}`;

/**
 * A ledger is a shell script that undoes its own lines, the last one first, and then removes itself; so it can also
 * be run by hand, by somebody who has no drlab. It says `not undone: …` for each line that failed, and stays.
 * A line that a power cut tore in two lacks its end mark and is passed over: its change was not made. (tac would
 * join such a line with the one before, so sed turns the file round.)
 */
export const ledgerHead = (of: LedgerOf): string => `#!/bin/sh
# drlab changed this machine for a lab (host ${of.host}, ${of.madeBy}).
# Each line below that begins with #~ or #= takes one change back; #~ is only for as long as the machine is up.
# To take all of them back, run as root: sh ${ledgerPath(of)}
# It removes itself when everything is as it was before. To run it twice is harmless.
mark='DRLAB_LEDGER=${markOf(of)}' boot=${quote(of.bootId)}
sysctl_back() { [ ! -e "$1" ] || printf '%s\\n' "$2" >"$1"; }
address_gone() { ip addr del "$1" dev "$2" 2>/dev/null; [ -z "$(ip -o addr show dev "$2" to "\${1%/*}" 2>/dev/null)" ]; }
service_gone() { ipvsadm -D "$@" 2>/dev/null; ! ipvsadm -Sn 2>/dev/null | grep -qF -- "-A $* -s"; }
table_gone() { nft delete table "$1" "$2" 2>/dev/null; ! nft list table "$1" "$2" >/dev/null 2>&1; }
link_gone() { ip link del "$1" 2>/dev/null; ! ip link show dev "$1" >/dev/null 2>&1; }
modules_gone() { while read -r m _; do case $m in ip_vs_*) rmmod "$m" 2>/dev/null ;; esac; done </proc/modules; rmmod ip_vs 2>/dev/null; :; }
for try in 1 2 3 4 5 6 7 8 9 10; do
  pids=$(grep -lsF "$mark" /proc/[0-9]*/environ | tr -dc '0-9\\n')
  [ -n "$pids" ] || break
  kill -9 $pids 2>/dev/null
  sleep 0.1
done
now=$(cat /proc/sys/kernel/random/boot_id)
sed -n '1!G;h;$p' "$0" | {
  failed=0
  while IFS= read -r line; do
    case $line in
      '#= '*' #.') ;;
      '#~ '*' #.') [ "$now" = "$boot" ] || continue ;;
      *) continue ;;
    esac
    line=\${line#???}
    eval "\${line% #.}" </dev/null || { echo "not undone: \${line% #.}" >&2; failed=1; }
  done
  exit $failed
} || exit 1
rm -f "$0"
rmdir ${ledgerFolder} 2>/dev/null
exit 0
`;

export const ledgerLine = ({ command, outlivesBoot }: Undo): string => {
  if (/[\n\0]/.test(command)) throw new Error(`an undo is one line: ${JSON.stringify(command)}`);
  return `${outlivesBoot ? '#=' : '#~'} ${command} #.\n`;
};

/** Runs a ledger on its machine, without the mark of whoever starts it, since what bears the mark is killed. */
export const replayScript = (path: string): string =>
  `[ ! -e ${quote(path)} ] || exec env -u DRLAB_LEDGER sh ${quote(path)}`;
