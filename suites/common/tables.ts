import { destinationOf, entryOf, methodFlag } from '../../src/model/ipvs-words.ts';
import type { Lab } from '../../src/model/lab.ts';
import { type HostSpec, hostSpec, hostsOf, type LabSpec, type ServiceSpec } from '../../src/model/spec.ts';
import { isOnLan } from '../../src/model/topology.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { isTemplate } from '../../src/probe/ipvs-state.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { formatIpv4 } from '../../src/util/ipv4.ts';
import { expectReshapable } from './reshaping.ts';
import {
  type Change,
  moreClientAddresses,
  oneIpvsDirector,
  type ServiceSketch,
  services,
  stage,
  withSysctls,
} from './stages.ts';
import { list, targetOf } from './subjects.ts';

/**
 * Stages for what IPVS remembers. Every check has a service on a port of its own, so that no entry of one
 * check decides anything in another.
 */
export const portOf = {
  persistent: 7001,
  masked: 7002,
  brief: 7003,
  quiesced: 7004,
  ftp: 21,
  sip: 5060,
  http: 7080,
  https: 7443,
  timed: 7101,
  timedUdp: 7102,
  crashed: 7103,
  deleted: 7104,
  reused: 7105,
  counted: 7106,
  closing: 7107,
  tracked: 7108,
  many: 7109,
  flooded: 7110,
  dropped: 7111,
  evaporating: 7112,
  secured: 7113,
  cookies: 7114,
} as const;

/** The mark that groups `http` and `https` into one persistent service. */
export const groupMark = 7;

const sketches: ServiceSketch[] = [
  { port: portOf.persistent, persistenceS: 300 },
  { port: portOf.masked, persistenceS: 300, persistenceMask: '255.255.255.0' },
  { port: portOf.brief, persistenceS: 2 },
  { port: portOf.quiesced, persistenceS: 300 },
  { port: portOf.ftp, persistenceS: 300 },
  { port: portOf.sip, protocol: 'udp', persistenceS: 300 },
  { port: portOf.timedUdp, protocol: 'udp' },
  ...[portOf.http, portOf.https, portOf.timed, portOf.crashed, portOf.deleted, portOf.reused].map(plain),
  ...[portOf.counted, portOf.closing, portOf.tracked, portOf.many].map(plain),
];

function plain(port: number): ServiceSketch {
  return { port };
}

/**
 * These stages give a client more addresses, and have hooks.
 * @throws {NotInLab} where machines exist already, and neither could be undone.
 */
export const onOwnHosts: Change = (spec) => {
  expectReshapable(spec, 'get neither more addresses nor hooks');
  return spec;
};

/** One service of the stage, changed: for mutants. */
export const onService =
  (port: number, patch: Partial<ServiceSpec>): Change =>
  (spec) => ({
    ...spec,
    services: spec.services.map((service) => (service.port === port ? { ...service, ...patch } : service)),
  });

/**
 * Adds what a lab file has no words for: the SIP engine, and a persistent service on a firewall mark. Where the
 * kernel or the machine lacks either, the lab stands all the same, and the checks that need it say so.
 */
const enginesAndMarks: Change = (spec) => {
  const [director] = hostsOf(spec, 'director');
  const vip = spec.services[0]?.vip;
  if (!director || vip === undefined) throw new NotInLab(`lab «${spec.name}» has no director with a service`);
  const mark = `iptables-legacy -t mangle -A PREROUTING -d ${vip} -p tcp -m multiport --dports ${portOf.http},${portOf.https} -j MARK --set-mark ${groupMark}`;
  const servers = hostsOf(spec, 'realServer').map(({ ip }) => `ipvsadm -a -f ${groupMark} -r ${ip} -g`);
  const text = [
    `ipvsadm -E -u ${vip}:${portOf.sip} -s rr -p 300 --pe sip || true`,
    `if ${mark}; then ipvsadm -A -f ${groupMark} -s rr -p 300; ${servers.join('; ')}; fi`,
  ].join('\n');
  const hook = `ip netns exec ${director.name} sh -c '${text}' 2>/dev/null`;
  return { ...spec, hooks: { ...spec.hooks, afterApply: [...spec.hooks.afterApply, hook] } };
};

/** Everything as the kernel has it by default. */
export const tables = stage(
  'tables',
  'one director set with ipvsadm; persistent and plain services, each on a port of its own',
  onOwnHosts,
  oneIpvsDirector,
  moreClientAddresses(24),
  services(...sketches),
  enginesAndMarks,
);

/** The switches that operators turn on so that a director forgets. */
export const forgetting = stage(
  'forgetting',
  'one director set with ipvsadm; expire_quiescent_template=1, expire_nodest_conn=1, conn_reuse_mode=3',
  onOwnHosts,
  oneIpvsDirector,
  moreClientAddresses(8),
  services({ port: portOf.quiesced, persistenceS: 300 }, plain(portOf.deleted), plain(portOf.reused)),
  withSysctls('director', {
    'net.ipv4.vs.expire_quiescent_template': '1',
    'net.ipv4.vs.expire_nodest_conn': '1',
    'net.ipv4.vs.conn_reuse_mode': '3',
  }),
);

/** A service by its port. */
export function serviceAt(spec: LabSpec, port: number): ServiceSpec {
  const service = spec.services.find((one) => one.port === port);
  if (!service) throw new NotInLab(`lab «${spec.name}» has no service on port ${port}`);
  return service;
}

export const sceneAt = (lab: Lab, port: number) => sceneOf(lab, serviceAt(lab.spec, port));

/**
 * Who plays in a check of these stages: one service, its active director, and the prober on the first client on the
 * segment; in the lab as written on the first client, wherever it is, unless the check is one of the segment.
 */
export async function sceneOf(lab: Lab, service: ServiceSpec, where: 'anywhere' | 'segment' = 'anywhere') {
  const clients = hostsOf(lab.spec, 'client');
  const client =
    where === 'anywhere' && lab.spec.stage === undefined
      ? clients[0]
      : clients.find((host) => isOnLan(lab.spec, host));
  if (!client) throw new NotInLab(`lab «${lab.spec.name}» has no client on the segment`);
  const directorName = await activeDirector(lab, service.vip);
  const director = lab.host(directorName);
  return {
    service,
    client,
    clientHost: lab.host(client.name),
    director,
    directorSpec: hostSpec(lab.spec, directorName),
    prober: await proberOn(lab, client.name),
    target: targetOf(service),
    /** Entries and templates of this service. */
    entries: async (): Promise<ipvs.Connection[]> =>
      (await ipvs.connections(director)).filter((one) => isEntryOf(one, service)),
    /** Gives one real server of the service this weight. */
    setWeight: (name: string, weight: number) =>
      director.exec(
        `exec ipvsadm -e ${entryOf(service)} ${destinationOf(lab.spec, service, name)} ${methodFlag(service, name)} -w ${weight}`,
      ),
  };
}

/** A connection to it, or a template: those of a mark are `IP CIP:0 0.0.0.MARK:0`, those of all ports have port 0. */
export function isEntryOf(one: ipvs.Connection, service: ServiceSpec): boolean {
  const { protocol, vip, port, mark, allPorts } = service;
  if (isTemplate(one) && mark !== undefined) return one.protocol === 'ip' && one.vip === formatIpv4(mark);
  const itsPort = isTemplate(one) && allPorts ? 0 : port;
  return one.vport === itsPort && one.vip === vip && one.protocol === protocol;
}

/** Name of the real server with this RIP, or the address itself. */
export const nameOfRip = (spec: LabSpec, rip: string): string =>
  spec.hosts.find((host: HostSpec) => host.ip === rip)?.name ?? rip;

/** «rs1» or «? (refused)» for each answer, once each. */
export const serversIn = (answers: { server?: string; error?: string }[]): string =>
  list(answers.map((answer) => answer.server ?? `? (${answer.error})`));
