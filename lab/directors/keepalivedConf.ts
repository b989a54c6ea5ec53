import { entryOf, inTable, listedPort, portOn } from '../../src/model/ipvs-words.ts';
import {
  addressBeside,
  deviceOf,
  type HealthCheckSpec,
  type HostSpec,
  healthCheckOf,
  hostSpec,
  type LabSpec,
  type ServiceSpec,
  vrrpInstancesOf,
} from '../../src/model/spec.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { quorumCommands } from './announcing.ts';
import { block, command, keyword, line, seconds } from './blocks.ts';
import { vrrpBlocks } from './keepalivedVrrp.ts';

/** A complete keepalived.conf for one director; keywords and units as in keepalived.conf(5). */
export function keepalivedConf(spec: LabSpec, director: HostSpec): string {
  const blocks = [
    block('global_defs', [
      `router_id ${director.name}`,
      'script_user root',
      ...line('lvs_sync_daemon', syncDaemon(spec, director)),
      ...line('lvs_timeouts', timeouts(spec)),
    ]),
  ];
  if (spec.director.vrrp) blocks.push(...vrrpBlocks(spec, spec.director.vrrp, director));
  blocks.push(...inTable(spec.services).map((service) => virtualServer(spec, service)));
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Sends while the first instance is master, listens while it is not. */
function syncDaemon(spec: LabSpec, director: HostSpec): string | undefined {
  const { sync } = spec.director;
  const [instance] = vrrpInstancesOf(spec);
  if (!sync || !instance) return undefined;
  const { id, maxLength, port, ttl, group } = sync;
  const options = [
    ...line('id', id),
    ...line('maxlen', maxLength),
    ...line('port', port),
    ...line('ttl', ttl),
    ...line('group', group),
  ];
  return `${sync.device ?? deviceOf(director)} inst ${instance.name} ${options.join(' ')}`;
}

function timeouts({ director: { timeouts: given } }: LabSpec): string | undefined {
  if (!given) return undefined;
  const { tcpS, tcpFinS, udpS } = given;
  return [...line('tcp', tcpS), ...line('tcpfin', tcpFinS), ...line('udp', udpS)].join(' ');
}

function virtualServer(spec: LabSpec, service: ServiceSpec): string[] {
  const check = healthCheckOf(spec, service);
  const { quorum, sorryServer } = service;
  const { announce } = spec.director;
  const commands = announce ? quorumCommands(service) : quorum;
  const port = listedPort(service);
  const head = service.mark === undefined ? `${service.vip} ${port}` : `fwmark ${service.mark}`;
  return block(`virtual_server ${head}`, [
    ...keyword('ip_family inet6', service.mark !== undefined && isIpv6(service.vip)),
    ...(check ? [`delay_loop ${seconds(check.intervalMs)}`] : []),
    `lvs_sched ${service.scheduler}`,
    ...(service.schedulerFlags ?? []),
    ...keyword('ops', service.onePacket),
    `lvs_method ${service.forward.toUpperCase()}`,
    `protocol ${service.protocol.toUpperCase()}`,
    ...(service.persistenceS > 0 ? [`persistence_timeout ${service.persistenceS}`] : []),
    ...line('persistence_engine', service.persistenceEngine),
    ...line('persistence_granularity', service.persistenceMask),
    ...keyword('alpha', service.alpha),
    ...keyword('omega', service.omega || announce !== undefined),
    ...line('quorum', quorum?.weight),
    ...line('hysteresis', quorum?.hysteresis || undefined),
    ...line('quorum_up', commands?.up && command(commands.up)),
    ...line('quorum_down', commands?.down && command(commands.down)),
    ...line(
      'sorry_server',
      sorryServer && `${addressBeside(hostSpec(spec, sorryServer), service.vip)} ${port}`,
    ),
    ...service.realServers.flatMap(({ name, weight, forward, upperThreshold, lowerThreshold }) => {
      const ip = addressBeside(hostSpec(spec, name), service.vip);
      return block(`real_server ${ip} ${portOn(service, name)}`, [
        `weight ${weight}`,
        ...line('lvs_method', forward?.toUpperCase()),
        ...line('uthreshold', upperThreshold),
        ...line('lthreshold', lowerThreshold),
        ...keyword('inhibit_on_failure', service.inhibitOnFailure),
        ...(check
          ? lookedAt(spec, service).flatMap((one) => checker(one, check, ip, portOn(one, name) || one.port))
          : []),
      ]);
    }),
  ]);
}

/** Of a service with several ports each is checked. */
const lookedAt = ({ services }: LabSpec, service: ServiceSpec): ServiceSpec[] => {
  const own = services.filter((one) => entryOf(one) === entryOf(service));
  return own.filter(
    ({ port, protocol }, i) => own.findIndex((one) => one.port === port && one.protocol === protocol) === i,
  );
};

/** `warmup 0`: the first check is not put off by a random part of the interval. */
function checker(service: ServiceSpec, check: HealthCheckSpec, rip: string, rport: number): string[] {
  const { intervalMs, timeoutMs, retries, retryDelayMs = intervalMs } = check;
  const times = [`retry ${retries}`, `delay_before_retry ${seconds(retryDelayMs)}`, 'warmup 0'];
  // A real server that keeps the port of the packet has none of its own to connect to.
  const to = listedPort(service) === 0 ? [`connect_port ${service.port}`] : [];
  const connecting = [...to, `connect_timeout ${seconds(timeoutMs)}`, ...times];
  switch (check.check ?? (service.protocol === 'udp' ? 'udp' : 'tcp')) {
    case 'tcp':
      return block('TCP_CHECK', connecting);
    case 'udp':
      return block('UDP_CHECK', ['require_reply', ...connecting]);
    case 'http':
      return block('HTTP_GET', [
        ...block('url', [
          `path ${check.path ?? '/'}`,
          ...line('digest', check.digest),
          ...line('status_code', check.status),
          ...line('regex', check.receive && `"${check.receive}"`),
        ]),
        ...connecting,
      ]);
    case 'misc': {
      const script = (check.script ?? '').replaceAll('{rip}', rip).replaceAll('{port}', String(rport));
      // keepalived.conf(5): misc_timeout is an integer.
      return block('MISC_CHECK', [
        `misc_path ${command(script)}`,
        `misc_timeout ${Math.ceil(timeoutMs / 1000)}`,
        ...times,
      ]);
    }
  }
}
