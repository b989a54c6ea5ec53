import { forwardOf } from '../../src/model/forwarding.ts';
import { inTable, listedPort, portOn } from '../../src/model/ipvs-words.ts';
import {
  type HealthCheckSpec,
  healthCheckOf,
  hostSpec,
  type LabSpec,
  type ServiceSpec,
} from '../../src/model/spec.ts';
import { line, seconds } from './blocks.ts';

const methods = { dr: 'gate', tun: 'ipip', nat: 'masq' } as const;

export interface LdirectordOptions {
  /** Stays in the foreground and writes its log to standard output: `supervised`. */
  foreground?: boolean;
  /** Absolute path of the log of one in the background. */
  log?: string;
}

/** A complete ldirectord.cf; keywords as in ldirectord(8), whose times are whole seconds. */
export function ldirectordConf(spec: LabSpec, options: LdirectordOptions): string {
  const { intervalMs } = spec.director.healthCheck ?? defaultCheck;
  const lines = [
    `checkinterval = ${seconds(intervalMs)}`,
    'autoreload = no',
    ...(options.foreground ? ['supervised = yes'] : []),
    ...(options.log ? [`logfile = "${options.log}"`] : []),
    ...inTable(spec.services).flatMap((service) => ['', ...virtual(spec, service)]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Without checks its loop goes on all the same. */
const defaultCheck = { intervalMs: 1_000 };

function virtual(spec: LabSpec, service: ServiceSpec): string[] {
  const { vip, mark, sorryServer } = service;
  const port = listedPort(service);
  const method = methods[service.forward];
  const check = healthCheckOf(spec, service);
  const lines = [
    ...service.realServers.map(
      ({ name, weight }) =>
        `real = ${hostSpec(spec, name).ip}:${portOn(service, name)} ${methods[forwardOf(service, name)]} ${weight}`,
    ),
    ...(sorryServer ? [`fallback = ${hostSpec(spec, sorryServer).ip}:${port} ${method}`] : []),
    `protocol = ${mark === undefined ? service.protocol : 'fwm'}`,
    ...(port === 0 && check ? [`checkport = ${service.port}`] : []),
    `scheduler = ${service.scheduler}`,
    ...(service.persistenceS > 0 ? [`persistent = ${service.persistenceS}`] : []),
    ...line('netmask =', service.persistenceMask),
    // Its own default is yes; said in any case, as everything that matters.
    `quiescent = ${service.inhibitOnFailure ? 'yes' : 'no'}`,
    ...(check ? checks(service, check) : ['checktype = on']),
  ];
  return [`virtual = ${mark ?? `${vip}:${port}`}`, ...lines.map((text) => `    ${text}`)];
}

/** A connect check of UDP is a ping, says ldirectord(8); so that is what is written. */
function checks(service: ServiceSpec, check: HealthCheckSpec): string[] {
  const { timeoutMs, retries, path = '/', receive } = check;
  const times = [`checktimeout = ${seconds(timeoutMs)}`, `failurecount = ${retries + 1}`];
  if (check.check === 'http')
    return [
      'checktype = negotiate',
      'service = http',
      `request = "${path}"`,
      ...line('receive =', receive && `"${receive}"`),
      `negotiatetimeout = ${seconds(timeoutMs)}`,
      ...times,
    ];
  return [`checktype = ${service.protocol === 'udp' ? 'ping' : 'connect'}`, 'service = none', ...times];
}
