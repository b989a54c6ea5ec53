import type { Host } from '../../src/model/host.ts';
import { inTable, portOn } from '../../src/model/ipvs-words.ts';
import { addressBeside, hostSpec, type LabSpec, type ServiceSpec, vipsOf } from '../../src/model/spec.ts';
import { parseIpv4 } from '../../src/util/ipv4.ts';
import { fullIpv6, isIpv6 } from '../../src/util/ipv6.ts';
import { quoteAll } from '../../src/util/quote.ts';
import type { Holding } from '../directors/index.ts';

/** Waits until a director holds what it should. @returns what it lacked when the time was up. */
export type AwaitHolding<H> = (host: H, spec: LabSpec, holding: Holding) => Promise<string | undefined>;

/**
 * Waits on the director itself until it holds exactly what its configuration promises.
 * @returns what was last seen and what was missing, when it did not come to that in time.
 */
export async function awaitHolding(
  host: Pick<Host, 'name' | 'exec'>,
  spec: LabSpec,
  holding: Holding,
): Promise<string | undefined> {
  const { code, stdout } = await host.exec(settleScript(spec, holding), {
    okCodes: [0, 1],
    timeoutMs: holding.withinMs * 2 + 10_000,
  });
  return code === 0 ? undefined : `${host.name}: ${stdout.trim()}`;
}

/**
 * One loop of shell builtins over /proc, since each program that is started costs up to 40 ms in a lab kernel.
 * What is there and what is promised are both words: `vip:ADDRESS` and `rule:TCP/SERVICE>REALSERVER`.
 */
export function settleScript(spec: LabSpec, holding: Holding): string {
  const { wanted, unwanted } = promised(spec, holding);
  return `
look() {
  seen=' '
  while read -r a b c _; do
    case "$a" in
      '|--') address=$b ;;
      /32) [ "$b $c" = 'host LOCAL' ] && seen="$seen vip:$address " ;;
    esac
  done </proc/net/fib_trie
${vipsOf(spec).some(isIpv6) ? lookAtIpv6 : ''}  [ -r /proc/net/ip_vs ] || return
  while read -r a b _ d _; do
    case "$a" in
      TCP|UDP|FWM) service=$a/$b ;;
      '->') [ "$d" -gt 0 ] 2>/dev/null && seen="$seen rule:$service>$b " ;;
    esac
  done </proc/net/ip_vs
}
lacking() {
  lacking=
  for word in ${quoteAll(wanted)}; do case "$seen" in *" $word "*) ;; *) lacking="$lacking lacks $word" ;; esac; done
  for word in ${quoteAll(unwanted)}; do case "$seen" in *" $word "*) lacking="$lacking has $word" ;; esac; done
}
read -r now _ </proc/uptime
end=$((\${now%.*} + ${Math.ceil(holding.withinMs / 1000)}))
while :; do
  look
  lacking
  [ -z "$lacking" ] && exit 0
  read -r now _ </proc/uptime
  [ "\${now%.*}" -ge "$end" ] && { echo "$lacking"; exit 1; }
  sleep ${(holding.everyMs ?? 100) / 1000}
done
`;
}

/** What is to be there and what not, as words. */
export const promised = (spec: LabSpec, holding: Holding): { wanted: string[]; unwanted: string[] } => ({
  wanted: [...holding.vips.map(vipWord), ...ruleWords(spec, holding)],
  unwanted: vipsOf(spec)
    .filter((vip) => !holding.vips.includes(vip) && !holding.mayHold?.includes(vip))
    .map(vipWord),
});

/** Bit 0x40: tentative, so not held yet. */
const lookAtIpv6 = `  while read -r a _ _ _ b _; do
    [ $((0x$b & 0x40)) -eq 0 ] && seen="$seen vip:$a "
  done </proc/net/if_inet6
`;

/** IPv6 addresses as /proc/net/if_inet6 writes them: 32 digits. */
const vipWord = (vip: string): string => `vip:${isIpv6(vip) ? fullIpv6(vip).replaceAll(':', '') : vip}`;

/** As /proc/net/ip_vs writes them: addresses and ports in upper-case hexadecimal. */
function ruleWords(spec: LabSpec, holding: Holding): string[] {
  return inTable(holding.ipvsServices).flatMap((service) => {
    const name = headOf(service);
    return service.realServers
      .filter(({ weight }) => weight > 0)
      .map(
        (server) =>
          `rule:${name}>${hexEndpoint(addressBeside(hostSpec(spec, server.name), service.vip), portOn(service, server.name))}`,
      );
  });
}

function headOf({ protocol, vip, port, mark, allPorts }: ServiceSpec): string {
  if (mark !== undefined) return `FWM/${mark.toString(16).toUpperCase().padStart(8, '0')}`;
  return `${protocol.toUpperCase()}/${hexEndpoint(vip, allPorts ? 0 : port)}`;
}

export function hexEndpoint(address: string, port: number): string {
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');
  if (isIpv6(address)) return `[${fullIpv6(address)}]:${hex(port, 4)}`;
  return `${hex(parseIpv4(address) ?? 0, 8)}:${hex(port, 4)}`;
}
