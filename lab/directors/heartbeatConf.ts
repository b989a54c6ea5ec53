import {
  addressBeside,
  deviceOf,
  type HeartbeatSpec,
  type HostSpec,
  hostsOf,
  type LabSpec,
  vipsOf,
} from '../../src/model/spec.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { ldirectordConf } from './ldirectordConf.ts';

/** Where heartbeat and its ldirectord write, in the eyes of the director and in its own folder outside. */
export const logs = { inside: '/var/lib/heartbeat', outside: 'ha/lib' } as const;

/** The files below /etc/ha.d that make two directors a pair, the same on both but for the address of the peer. */
export function heartbeatFiles(spec: LabSpec, director: HostSpec): Record<string, string> {
  const directors = hostsOf(spec, 'director');
  const peer = directors.find(({ name }) => name !== director.name);
  const [preferred] = directors;
  const { heartbeat } = spec.director;
  if (!heartbeat || !preferred || !peer || directors.length !== 2)
    throw new NotInLab(
      `heartbeat needs exactly two directors, and lab «${spec.name}» has ${directors.length}`,
    );
  return {
    'ha.cf': haCf(heartbeat, directors, director, addressBeside(peer, peer.ip)),
    // One line: all VIPs and ldirectord are one group, which moves as one.
    haresources: `${[
      preferred.name,
      ...vipsOf(spec).map((vip) => `IPaddr2::${vip}/32/${deviceOf(director)}`),
      'ldirectord::ldirectord.cf',
    ].join(' ')}\n`,
    authkeys: 'auth 1\n1 crc\n',
    'ldirectord.cf': ldirectordConf(spec, { log: `${logs.inside}/ldirectord.log` }),
  };
}

/** ha.cf(5); times with the unit, and `realtime off`, since a lab is not to keep its machine from other work. */
function haCf(heartbeat: HeartbeatSpec, directors: HostSpec[], director: HostSpec, peerIp: string): string {
  const device = deviceOf(director);
  const over = {
    ucast: `ucast ${device} ${peerIp}`,
    bcast: `bcast ${device}`,
    mcast: `mcast ${device} 225.0.0.1 694 1 0`,
  }[heartbeat.over];
  const lines = [
    `logfile ${logs.inside}/ha-log`,
    'logfacility none',
    'realtime off',
    'crm no',
    `keepalive ${heartbeat.keepaliveMs}ms`,
    `warntime ${heartbeat.warnMs}ms`,
    `deadtime ${heartbeat.deadMs}ms`,
    `initdead ${heartbeat.initDeadMs}ms`,
    over,
    `auto_failback ${heartbeat.failBack ? 'on' : 'off'}`,
    `node ${directors.map(({ name }) => name).join(' ')}`,
  ];
  return `${lines.join('\n')}\n`;
}
