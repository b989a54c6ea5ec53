import type { VrrpSpec } from '../../../src/model/spec.ts';
import { type Change, firstServers, moreClientAddresses, services, stage } from '../../common/stages.ts';
import { onOwnHosts } from '../../common/tables.ts';
import { asking } from '../health/stage.ts';
import { ports, syncId, twoDirectors } from './stage.ts';

/*
 *   client ──┬── d1: keepalived, VIP ──(VRRP, and connections by the sync daemon that follows it)──┐
 *            ├── d2: keepalived ◀──────────────────────────────────────────────────────────────────┘
 *            └── rs1  rs2  rs3
 */

/** Three adverts and the skew: 1.8 s. Who has the VIP keeps it, until a mutant has it otherwise. */
const vrrp: VrrpSpec = {
  version: 3,
  virtualRouterId: 51,
  advertMs: 500,
  priorities: [150, 100],
  preempt: false,
};

export const syncedByVrrp = stage(
  'sync-vrrp',
  'two directors with keepalived, nopreempt, whose sync daemons follow VRRP',
  onOwnHosts,
  twoDirectors,
  firstServers(3),
  moreClientAddresses(5),
  services({ port: ports.plain }, { port: ports.persistent, persistenceS: 300 }),
  (spec) => ({
    ...spec,
    director: { kind: 'keepalived', vrrp, healthCheck: asking, sync: { id: syncId } },
  }),
);

export const withVrrp =
  (patch: Partial<VrrpSpec>): Change =>
  (spec) => ({
    ...spec,
    director: { ...spec.director, ...(spec.director.vrrp && { vrrp: { ...spec.director.vrrp, ...patch } }) },
  });

/** keepalived without `lvs_sync_daemon`. */
export const withoutSync: Change = (spec) => {
  const { sync: _, ...director } = spec.director;
  return { ...spec, director };
};
