import type { Stage } from '../../../src/model/check.ts';
import { freeAddresses } from '../../../src/model/free-addresses.ts';
import {
  hostsOf,
  type LabSpec,
  type VrrpInstanceSpec,
  type VrrpSpec,
  vipsOf,
} from '../../../src/model/spec.ts';
import { NotInLab } from '../../../src/util/errors.ts';
import { afterApply } from '../../common/mutate.ts';
import { expectReshapable } from '../../common/reshaping.ts';
import { type Change, services, stage } from '../../common/stages.ts';

/*
 *   client ──┬── d1: keepalived, priority 150, holds the VIP ──(advertisements)──┐
 *            ├── d2: keepalived, priority 100  ◀─────────────────────────────────┘
 *            └── rs1  rs2  rs3
 */

/** The first two directors with keepalived and this much of VRRP changed; the first is higher. No health checks. */
export const vrrpPair =
  (patch: Partial<VrrpSpec> | ((spec: LabSpec) => Partial<VrrpSpec>)): Change =>
  (spec) => {
    expectReshapable(spec, 'keep the daemons that they have');
    const directors = hostsOf(spec, 'director').map(({ name }) => name);
    if (directors.length < 2) throw new NotInLab(`lab «${spec.name}» has no two directors`);
    const dropped = new Set(directors.slice(2));
    const vrrp: VrrpSpec = {
      version: 3,
      virtualRouterId: 51,
      advertMs: 1_000,
      priorities: [150, 100],
      preempt: true,
      ...(typeof patch === 'function' ? patch(spec) : patch),
    };
    return {
      ...spec,
      director: { kind: 'keepalived', vrrp },
      hosts: spec.hosts.filter(({ name }) => !dropped.has(name)),
    };
  };

/** A pair with one TCP and one UDP service, which is all that a director needs to be seen working. */
export const pairStage = (id: string, title: string, patch: Parameters<typeof vrrpPair>[0]): Stage =>
  stage(id, title, services({ port: 80 }, { port: 53, protocol: 'udp' }), vrrpPair(patch));

/** One virtual router for each of these pairs of priorities; the first has the VIP of the services. */
export function instancesOf(spec: LabSpec, priorities: [number, number][]): VrrpInstanceSpec[] {
  const [vip] = vipsOf(spec);
  if (vip === undefined) throw new NotInLab(`lab «${spec.name}» has no VIP`);
  const more = freeAddresses(spec, priorities.length - 1, { from: { after: vip } });
  return priorities.map((pair, i) => ({
    name: `VI_${i + 1}`,
    virtualRouterId: 51 + i,
    priorities: pair,
    vips: [i === 0 ? vip : (more[i - 1] ?? '')],
  }));
}

export const plainPair = pairStage(
  'vrrp-pair',
  'two directors with keepalived and VRRPv3 each second, and nothing else',
  {},
);

/** Mutants edit what keepalived was told with `sed`, and make it read that again. */
export const reconfigured = (director: 'first' | 'second' | 'both', sed: string): Change =>
  afterApply((spec) => {
    const names = hostsOf(spec, 'director').map(({ name }) => name);
    const chosen = director === 'both' ? names : names.slice(director === 'first' ? 0 : 1).slice(0, 1);
    return chosen.map((name) => rereading(sed, `ip netns pids ${name}`)).join('\n');
  });

/**
 * Shell text: edits keepalived.conf and makes keepalived read it. Before its file of process IDs is there, keepalived
 * does not listen to signals yet.
 * @param pids command that lists the processes of the director
 */
export const rereading = (sed: string, pids: string): string => `for try in $(seq 100); do
  for pid in $(${pids}); do
    conf=$(tr "\\0" "\\n" </proc/$pid/cmdline | sed -n "/^-f$/{n;p}")
    case $conf in */keepalived.conf) break 2;; esac
  done
  sleep 0.1
done
folder=\${conf%/*}
for try in $(seq 100); do [ ! -s $folder/vrrp.pid ] || break; sleep 0.1; done
sleep 0.3
sed -i '${sed}' $conf
kill -HUP $(cat $folder/keepalived.pid)`;

/** keepalived of the second director is dead, as a mutant has it. */
export const backupKilled = afterApply((spec) => {
  const backup = hostsOf(spec, 'director')[1]?.name;
  return `kill -9 $(ip netns pids ${backup} | while read -r p; do read -r c </proc/$p/comm; [ "$c" = keepalived ] && echo $p; done)`;
});
