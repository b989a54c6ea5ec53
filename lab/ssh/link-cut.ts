import type { Host } from '../../src/model/host.ts';
import { deviceOf, hostSpec, type LabSpec } from '../../src/model/spec.ts';
import { quote } from '../../src/util/quote.ts';
import type { Links } from '../faults/index.ts';
import type { Ledger } from './ledger.ts';

/** A cut link fixes itself after so long, whatever becomes of drlab. */
const longestCutS = 120;

const table = 'drlabcut';

/**
 * Drops everything in both directions at the interface, which stays up, since taking it down would lose its routes:
 * by nftables, or by the actions of tc where the kernel has no `netdev` tables. Neither touches its queues.
 */
export const cutScript = (device: string): string => `exec 2>&1
(sleep ${longestCutS}; ${remedyScript(device)}) </dev/null >/dev/null 2>&1 &
nft -f - <<'END' && exit 0
table netdev ${table} {
 chain in { type filter hook ingress device "${device}" priority -500; policy drop; }
 chain out { type filter hook egress device "${device}" priority -500; policy drop; }
}
END
set -e
if tc qdisc show dev ${quote(device)} | grep -q clsact; then echo 'there is a clsact qdisc already'; exit 1; fi
tc qdisc add dev ${quote(device)} clsact
for way in ingress egress; do
  tc filter add dev ${quote(device)} $way protocol all prio 49152 u32 match u32 0 0 action drop
done
`;

/** Removes only what cutting made; one line, and harmless where nothing is cut. */
export const remedyScript = (device: string): string => {
  const dev = quote(device);
  const filters = ['ingress', 'egress']
    .map((way) => `tc filter del dev ${dev} ${way} prio 49152 2>/dev/null`)
    .join('; ');
  return `nft delete table netdev ${table} 2>/dev/null; if tc filter show dev ${dev} egress 2>/dev/null | grep -q 'pref 49152 '; then ${filters}; tc qdisc del dev ${dev} clsact; fi; :`;
};

/** Cuts the machines' own interfaces; how to fix each is in its ledger before. */
export class LedgerLinks implements Links {
  constructor(
    private readonly spec: LabSpec,
    private readonly host: (name: string) => Pick<Host, 'exec'>,
    private readonly ledger: (name: string) => Ledger,
  ) {}

  async set(name: string, state: 'up' | 'down'): Promise<void> {
    const device = deviceOf(hostSpec(this.spec, name));
    if (state === 'up') await this.host(name).exec(remedyScript(device));
    else await this.ledger(name).change([{ command: remedyScript(device) }], cutScript(device));
  }
}
