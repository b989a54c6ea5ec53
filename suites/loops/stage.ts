import { type HostSpec, hostsOf, type LabSpec, type ServiceSpec, vipsOf } from '../../src/model/spec.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { type Change, expectNoMasquerading, firstServers, oneIpvsDirector, stage } from '../common/stages.ts';

/*
 *   director d1, which serves too          a backup that has the rules already would send back to d1
 *     port 80 ──▶ d1 or rs1                rs1: fix A, a backup sync daemon and backup_only=1
 *     port 81 ──▶ d1 or rs2                rs2: fix B, only what does not come from d1 gets a mark, and is balanced
 *     port 82 ──▶ d1 or rs3                rs3: fix C, no rules while it stands by
 */

export const ports = { backupOnly: 80, macMark: 81, activeOnly: 82 } as const;

/** Both that balance one port: the director, and the real server that stands by for it. */
export interface Pair {
  vip: string;
  director: HostSpec;
  backup: HostSpec;
}

export function pairOf(spec: LabSpec, port: number): Pair {
  const service = spec.services.find((one) => one.port === port);
  const director = hostsOf(spec, 'director')[0];
  const backup = spec.hosts.find(
    (host) => host.role === 'realServer' && service?.realServers.some(({ name }) => name === host.name),
  );
  if (!service || !director || !backup) throw new NotInLab(`lab «${spec.name}» has no pair for port ${port}`);
  return { vip: service.vip, director, backup };
}

function servingDirector(spec: LabSpec): LabSpec {
  expectNoMasquerading(spec);
  const [vip] = vipsOf(spec);
  const [director] = hostsOf(spec, 'director');
  const servers = hostsOf(spec, 'realServer');
  if (vip === undefined || !director) throw new NotInLab(`lab «${spec.name}» has no director with a VIP`);
  const services = Object.values(ports).map((port, i): ServiceSpec => {
    const names = [director.name, servers[i]?.name ?? ''];
    return {
      vip,
      port,
      protocol: 'tcp',
      scheduler: 'rr',
      forward: 'dr',
      persistenceS: 0,
      realServers: names.map((name) => ({ name, weight: 1 })),
    };
  });
  const server = {
    weight: 1,
    vipDevice: 'none' as const,
    vipPrefixLength: 32,
    delayMs: 0,
    bodyBytes: 0,
    listenOn: 'any' as const,
    ownProcess: false,
  };
  const hosts = spec.hosts.map((host) => (host.name === director.name ? { ...host, server } : host));
  return { ...spec, hosts, services };
}

/** Shell text on one host when the lab is configured. */
export const onHost =
  (host: (spec: LabSpec) => HostSpec, text: (spec: LabSpec) => string): Change =>
  (spec) => ({
    ...spec,
    hooks: {
      ...spec.hooks,
      afterApply: [...spec.hooks.afterApply, `ip netns exec ${host(spec).name} sh -ec '${text(spec)}'`],
    },
  });

export const onBackup = (port: number, text: (spec: LabSpec) => string): Change =>
  onHost((spec) => pairOf(spec, port).backup, text);

/** The rules that the director has for this port, as an operator copies them to its backup. */
export const sameRules = (port: number) => (spec: LabSpec) => {
  const { vip, director, backup } = pairOf(spec, port);
  return [
    `ipvsadm -A -t ${vip}:${port} -s rr`,
    ...[director, backup].map(({ ip }) => `ipvsadm -a -t ${vip}:${port} -r ${ip} -g`),
  ].join('\n');
};

/** Catalogue LN-04: what the other director has balanced already gets no mark, and goes to the local service. */
const markUnlessFrom = (other: (pair: Pair) => HostSpec) => (spec: LabSpec) => {
  const pair = pairOf(spec, ports.macMark);
  return [
    `iptables-legacy -w -t mangle -A PREROUTING -d ${pair.vip} -p tcp --dport ${ports.macMark} -m mac ! --mac-source ${other(pair).mac} -j MARK --set-mark 1`,
    'ipvsadm -A -f 1 -s rr',
    ...[pair.director, pair.backup].map(({ ip }) => `ipvsadm -a -f 1 -r ${ip} -g`),
  ].join('\n');
};

const theDirector = (spec: LabSpec): HostSpec => pairOf(spec, ports.macMark).director;

const syncId = 7;

export const localNodes = stage(
  'local-nodes',
  'a director set with ipvsadm that serves too; each of three real servers is a backup director that must not balance again',
  oneIpvsDirector,
  firstServers(3),
  servingDirector,
  onHost(theDirector, () => `ipvsadm --start-daemon master --mcast-interface eth0 --syncid ${syncId}`),
  onBackup(ports.backupOnly, sameRules(ports.backupOnly)),
  onBackup(
    ports.backupOnly,
    () => `ipvsadm --start-daemon backup --mcast-interface eth0 --syncid ${syncId}
      sysctl -qw net.ipv4.vs.backup_only=1`,
  ),
  onHost(
    theDirector,
    markUnlessFrom(({ backup }) => backup),
  ),
  onBackup(
    ports.macMark,
    markUnlessFrom(({ director }) => director),
  ),
);
