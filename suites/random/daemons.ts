import type { HostSpec, LabSpec, ServerSpec } from '../../src/model/spec.ts';
import { afterApply } from '../common/mutate.ts';
import { rereading } from '../failover/vrrp/stage.ts';
import { type Draw, type Kind, ripOf } from './kind.ts';

/** A patch of how one real server serves. */
const serving =
  (name: string, patch: Partial<ServerSpec>) =>
  (spec: LabSpec): LabSpec => ({
    ...spec,
    hosts: spec.hosts.map((host) =>
      host.name === name && host.server ? { ...host, server: { ...host.server, ...patch } } : host,
    ),
  });

const service = <T>(
  name: string,
  strengths: readonly T[],
  say: (strength: T) => { what: string; patch: Partial<ServerSpec> },
  cause: RegExp,
): Kind => ({
  name,
  family: 'daemons',
  draw(from) {
    const server = from.realServer();
    const { what, patch } = say(from.one(strengths));
    return {
      hosts: [server],
      breaks: `the service of ${server.name} ${what}`,
      change: serving(server.name, patch),
      cause,
    };
  },
});

const ofServers = [
  service(
    'service-dead',
    [true],
    () => ({ what: 'is dead', patch: { misconduct: { dead: true } } }),
    /dead|listen|refus|not running|health check/i,
  ),
  service(
    'service-hung',
    [true],
    () => ({ what: 'hangs', patch: { misconduct: { hang: true } } }),
    /hang|hung|does not answer|takes connections|no answer|silent/i,
  ),
  service(
    'service-errs',
    [404, 500, 503],
    (status) => ({ what: `answers ${status}`, patch: { misconduct: { status } } }),
    /HTTP \d|status|answers? [45]0\d/i,
  ),
  service(
    'service-slow',
    [700, 1500, 3000],
    (delayMs) => ({ what: `answers ${delayMs} ms late`, patch: { misconduct: { delayMs } } }),
    /late|slow|delay|takes connections|held back/i,
  ),
  service(
    'service-on-rip',
    [true],
    () => ({ what: 'listens on its RIP only', patch: { listenOn: 'rip' as const } }),
    /listen/i,
  ),
];

function keepalivedPair(from: Draw): { active: HostSpec; standby: HostSpec } {
  const known = from.spec.director.vrrp ? from.standby() : [];
  return { active: from.active(), standby: from.one(known) };
}

/** Three advertisements that are missed, and what follows. */
const whileVrrpActs = 'sleep 6';

/** Once it has taken up its work: before, it would be another fault. */
const signalled = (host: HostSpec, signal: string): string => `folder=/run/drlab/${host.name}
for try in $(seq 100); do [ ! -s $folder/vrrp.pid ] || [ ! -s $folder/checkers.pid ] || break; sleep 0.1; done
sleep 5
kill -${signal} $(cat $folder/keepalived.pid $folder/vrrp.pid $folder/checkers.pid)
${whileVrrpActs}`;

const daemon = (name: string, which: 'active' | 'standby', signal: string, what: string): Kind => ({
  name,
  family: 'daemons',
  draw(from) {
    const pair = keepalivedPair(from);
    const host = pair[which];
    return {
      hosts: [host],
      breaks: `keepalived on ${host.name} ${what}`,
      change: afterApply(() => signalled(host, signal)),
      cause: /keepalived|not running|does not run|daemon|hung|VRRP|split|advert|both/i,
    };
  },
});

const ofDirectors = [
  daemon('keepalived-ended', 'active', 'TERM', 'has ended'),
  daemon('keepalived-killed', 'active', 'KILL', 'was killed'),
  daemon('keepalived-hangs', 'active', 'STOP', 'hangs'),
  daemon('keepalived-ended-on-standby', 'standby', 'TERM', 'has ended'),
];

const written = (
  name: string,
  which: 'active' | 'standby',
  say: (from: Draw) => { what: string; sed: string; hosts?: HostSpec[] },
  cause: RegExp,
): Kind => ({
  name,
  family: 'files',
  draw(from) {
    const host = keepalivedPair(from)[which];
    const { what, sed, hosts = [] } = say(from);
    return {
      hosts: [host, ...hosts],
      breaks: `keepalived.conf of ${host.name} ${what}`,
      change: afterApply(() => `${rereading(sed, `ip netns pids ${host.name}`)}\n${whileVrrpActs}`),
      cause,
    };
  },
});

export const files = [
  written(
    'conf-server-missing',
    'active',
    (from) => {
      const of = from.service(({ realServers }) => realServers.length > 1);
      const server = from.serverOf(of);
      const head = `real_server ${ripOf(server, of)} ${of.port} {`;
      return {
        what: `does not have ${server.name} at port ${of.port}`,
        sed: `/^    ${head}/,/^    }/d`,
        hosts: [server],
      };
    },
    /not in the table|missing|left out|lacks/i,
  ),
  written(
    'conf-router-id',
    'standby',
    (from) => {
      const id = from.spec.director.vrrp?.virtualRouterId ?? 51;
      const hosts = [from.active()];
      return {
        what: `has another virtual router ID, ${id + 1}`,
        sed: `s/virtual_router_id ${id}$/virtual_router_id ${id + 1}/`,
        hosts,
      };
    },
    /virtual_router_id|virtual router|vrid|split|both|more than one|two directors/i,
  ),
  written(
    'conf-scheduler',
    'active',
    (from) => {
      const other = from.one(['sh', 'dh']);
      return { what: `has the scheduler ${other}`, sed: `s/lvs_sched .*/lvs_sched ${other}/` };
    },
    /scheduler/i,
  ),
  written(
    'conf-method',
    'active',
    (from) => {
      const other = from.one(['TUN', 'NAT']);
      return { what: `forwards by ${other}`, sed: `s/lvs_method DR/lvs_method ${other}/` };
    },
    /\bTUN\b|tunnel|IPIP|\bNAT\b|masq/i,
  ),
  written(
    'conf-persistence',
    'active',
    () => ({
      what: 'makes the services persistent',
      sed: 's/lvs_method DR/lvs_method DR\\n    persistence_timeout 300/',
    }),
    /persisten/i,
  ),
];

export const daemons = [...ofServers, ...ofDirectors];
