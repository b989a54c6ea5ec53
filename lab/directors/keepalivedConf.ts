import {
  deviceOf,
  type HealthCheckSpec,
  type HostSpec,
  hostSpec,
  hostsOf,
  type LabSpec,
  type ServiceSpec,
  type VrrpSpec,
  vipsOf,
} from '../../src/model/spec.ts';
import { isActive, onlyIpv4 } from './active.ts';

/** A complete keepalived.conf for one director; keywords and units as in keepalived.conf(5). */
export function keepalivedConf(spec: LabSpec, director: HostSpec): string {
  onlyIpv4(spec, 'keepalived');
  const blocks = [block('global_defs', [`router_id ${director.name}`, 'script_user root'])];
  if (spec.director.vrrp) blocks.push(vrrpInstance(spec, spec.director.vrrp, director));
  blocks.push(...spec.services.map((service) => virtualServer(spec, service)));
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function vrrpInstance(spec: LabSpec, vrrp: VrrpSpec, director: HostSpec): string[] {
  const index = hostsOf(spec, 'director').findIndex(({ name }) => name === director.name);
  const state = vrrp.preempt && isActive(spec, director) ? 'MASTER' : 'BACKUP';
  return block('vrrp_instance drlab', [
    `state ${state}`,
    `interface ${deviceOf(director)}`,
    `version ${vrrp.version}`,
    `virtual_router_id ${vrrp.virtualRouterId}`,
    `priority ${vrrp.priorities[index] ?? 100}`,
    `advert_int ${seconds(vrrp.advertMs)}`,
    ...(vrrp.preempt ? [] : ['nopreempt']),
    ...(vrrp.garpRefreshS ? [`garp_master_refresh ${vrrp.garpRefreshS}`] : []),
    ...block(
      'virtual_ipaddress',
      vipsOf(spec).map((vip) => `${vip}/32 dev ${deviceOf(director)}`),
    ),
  ]);
}

function virtualServer(spec: LabSpec, service: ServiceSpec): string[] {
  const check = spec.director.healthCheck;
  return block(`virtual_server ${service.vip} ${service.port}`, [
    ...(check ? [`delay_loop ${seconds(check.intervalMs)}`] : []),
    `lvs_sched ${service.scheduler}`,
    `lvs_method ${service.forward.toUpperCase()}`,
    `protocol ${service.protocol.toUpperCase()}`,
    ...(service.persistenceS > 0 ? [`persistence_timeout ${service.persistenceS}`] : []),
    ...service.realServers.flatMap(({ name, weight }) =>
      block(`real_server ${hostSpec(spec, name).ip} ${service.port}`, [
        `weight ${weight}`,
        ...(check ? checker(service, check) : []),
      ]),
    ),
  ]);
}

/** `warmup 0`: the first check is not put off by a random part of the interval. */
const checker = (service: ServiceSpec, check: HealthCheckSpec): string[] =>
  block(service.protocol === 'udp' ? 'UDP_CHECK' : 'TCP_CHECK', [
    ...(service.protocol === 'udp' ? ['require_reply'] : []),
    `connect_timeout ${seconds(check.timeoutMs)}`,
    `retry ${check.retries}`,
    `delay_before_retry ${seconds(check.intervalMs)}`,
    'warmup 0',
  ]);

const block = (head: string, lines: string[]): string[] => [
  `${head} {`,
  ...lines.map((line) => `    ${line}`),
  '}',
];

/** Timers of keepalived are seconds with decimals. */
const seconds = (ms: number): string => String(ms / 1000);
