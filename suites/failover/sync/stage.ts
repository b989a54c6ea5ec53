import { hasIpvs } from '../../../src/model/director-kinds.ts';
import { freeAddresses } from '../../../src/model/free-addresses.ts';
import { deviceOf, type HostSpec, hostsOf, type LabSpec, vipsOf } from '../../../src/model/spec.ts';
import { NotInLab } from '../../../src/util/errors.ts';
import { expectReshapable } from '../../common/reshaping.ts';
import { type Change, services, stage } from '../../common/stages.ts';
import { byPriority } from '../vrrp/times.ts';
import { plainService } from './own.ts';

/*
 *   client ──┬── d1: VIP, rules, master sync daemon ──(multicast)──┐
 *            ├── d2: rules, backup sync daemon  ◀─────────────────┘   takes the VIP over by hand
 *            └── rs1  rs2  rs3
 */

/** Of the services of this stage. */
export const ports = { plain: 80, persistent: 81, hashed: 82, unruled: 83 } as const;

/** What both sync daemons are started with. */
export const syncId = 7;

export interface Directors {
  vip: string;
  /** Holds the VIP at first. */
  active: HostSpec;
  standby: HostSpec;
  /** Of both daemons. */
  id: number;
  /** TCP, of a service without persistence. */
  port: number;
}

export function directorsOf(spec: LabSpec): Directors {
  const own = spec.stage === undefined ? plainService(spec) : undefined;
  const vip = own?.vip ?? vipsOf(spec)[0];
  const [active, standby] = byPriority(spec);
  if (vip === undefined || !active || !standby)
    throw new NotInLab(`lab «${spec.name}» has no two directors with a VIP`);
  return { vip, active, standby, id: spec.director.sync?.id ?? syncId, port: own?.port ?? ports.plain };
}

/** The first two directors, set with ipvsadm; a lab with one gets a second of the same make. */
export function twoDirectors(spec: LabSpec): LabSpec {
  expectReshapable(spec, 'keep the directors and daemons that they have');
  const { kind } = spec.director;
  if (!hasIpvs(kind))
    throw new NotInLab(
      `lab «${spec.name}» has ${kind} directors, and they hold no connections to synchronise`,
    );
  const [first, second, ...others] = hostsOf(spec, 'director');
  if (!first) throw new NotInLab(`lab «${spec.name}» has no director`);
  const dropped = new Set(others.map(({ name }) => name));
  const hosts = spec.hosts
    .filter(({ name }) => !dropped.has(name))
    .flatMap((host) => (host === first && !second ? [first, twinOf(first, spec)] : [host]));
  return { ...spec, director: { kind: 'ipvsadm' }, hosts };
}

function twinOf(director: HostSpec, spec: LabSpec): HostSpec {
  const taken = new Set(spec.hosts.flatMap(({ name, mac }) => [name, mac]));
  const free = (what: string, make: (i: number) => string): string => {
    for (let i = 1; i < 200; i += 1) if (!taken.has(make(i))) return make(i);
    throw new NotInLab(`lab «${spec.name}» has no free ${what} for a second director`);
  };
  const [ip = ''] = freeAddresses(spec, 1, { from: { after: director.ip } });
  const { ip6: _, addresses: __, ...rest } = structuredClone(director);
  return {
    ...rest,
    name: free('name', (i) => `d${i + 1}`),
    ip,
    mac: free('MAC', (i) => `02:0e:00:00:fd:${i.toString(16).padStart(2, '0')}`),
  };
}

/** Shell text on one of the directors when the lab is configured, after what the stage does itself. */
export const onDirector =
  (which: 'active' | 'standby', text: string | ((directors: Directors) => string)): Change =>
  (spec) => {
    const directors = directorsOf(spec);
    const said = typeof text === 'string' ? text : text(directors);
    const line = `ip netns exec ${directors[which].name} sh -ec '${said}'`;
    return { ...spec, hooks: { ...spec.hooks, afterApply: [...spec.hooks.afterApply, line] } };
  };

export const onBoth =
  (text: string): Change =>
  (spec) =>
    onDirector('active', text)(onDirector('standby', text)(spec));

/** Shell text that starts a daemon of the kernel. */
export const startDaemon = (role: 'master' | 'backup', director: HostSpec, id: number = syncId): string =>
  `ipvsadm --start-daemon ${role} --mcast-interface ${deviceOf(director)} --syncid ${id}`;

/** The standby gets the rules that the active one has; the daemons do not carry them. */
const sameRules: Change = (spec) => {
  const { active, standby, vip } = directorsOf(spec);
  const copy = `ip netns exec ${active.name} ipvsadm -Sn | ip netns exec ${standby.name} ipvsadm -R`;
  const without = `ip netns exec ${standby.name} ipvsadm -D -t ${vip}:${ports.unruled}`;
  return { ...spec, hooks: { ...spec.hooks, afterApply: [...spec.hooks.afterApply, `${copy}\n${without}`] } };
};

const daemons: Change = (spec) =>
  onDirector('active', ({ active }) => startDaemon('master', active))(
    onDirector('standby', ({ standby }) => startDaemon('backup', standby))(spec),
  );

const pair: Change[] = [
  twoDirectors,
  services(
    { port: ports.plain },
    { port: ports.persistent, persistenceS: 300 },
    { port: ports.hashed, scheduler: 'sh', schedulerFlags: ['sh-port'] },
    { port: ports.unruled },
  ),
  sameRules,
];

export const synced = stage(
  'sync',
  'two directors set with ipvsadm, with a master and a backup sync daemon; the VIP is moved by hand',
  ...pair,
  daemons,
);

/** Templates instead of entries, entries from any packet, and two threads on two ports: what operators may choose. */
export const variants = stage(
  'sync-variants',
  'as «sync», with sync_persist_mode=1, sloppy_tcp=1 and sync_ports=2',
  ...pair,
  onBoth('sysctl -qw net.ipv4.vs.sync_persist_mode=1 net.ipv4.vs.sloppy_tcp=1 net.ipv4.vs.sync_ports=2'),
  daemons,
);
