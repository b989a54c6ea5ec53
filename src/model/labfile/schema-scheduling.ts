import { z } from 'zod';
import { andList } from '../../util/words.ts';
import { kindsWithServiceKey } from '../director-kinds.ts';
import { flag, listOf, mapping, oneOf, whole } from './schema-parts.ts';

/** How a service is scheduled beside its scheduler, as a lab file may write it. */

/** ipvsadm(8) --sched-flags; flag-1 to flag-3 are what the scheduler makes of them. */
export const schedulerFlags = [
  'sh-port',
  'sh-fallback',
  'mh-port',
  'mh-fallback',
  'flag-1',
  'flag-2',
  'flag-3',
] as const;

const only = (key: Parameters<typeof kindsWithServiceKey>[0]): string =>
  `${andList(kindsWithServiceKey(key))} only`;

const maskError = 'a netmask such as 255.255.255.0, or a prefix length such as 64 for IPv6';
const connections = () => whole(0, 2 ** 31 - 1);

const threshold = () =>
  mapping({
    upper: connections()
      .min(1, { error: 'at least 1 connection' })
      .describe('From this many connections on, active and inactive, it gets no new ones.'),
    lower: connections()
      .optional()
      .describe('Below this many it gets them again; default: three quarters of «upper».'),
  });

export const schedulingKeys = () => ({
  schedulerFlags: listOf(oneOf(schedulerFlags), '[sh-port]')
    .optional()
    .describe(`Flags of the scheduler (ipvsadm --sched-flags); ${only('schedulerFlags')}.`),
  onePacket: flag()
    .optional()
    .describe(
      `udp: every datagram is scheduled by itself (ipvsadm --ops, keepalived ops); ${only('onePacket')}.`,
    ),
  persistenceMask: z
    .union(
      [
        whole(1, 128),
        z.string({ error: maskError }).regex(/^((\d{1,3}\.){3}\d{1,3}|\d{1,3})$/, { error: maskError }),
      ],
      {
        error: maskError,
      },
    )
    .optional()
    .describe(
      `With persistence: clients of one such network are one client (persistence_granularity, ipvsadm --netmask); ${only('persistenceMask')}.`,
    ),
  persistenceEngine: oneOf(['sip'])
    .optional()
    .describe(
      `udp with persistence: clients are told apart by the Call-ID of SIP (ipvsadm --pe, persistence_engine); ${only('persistenceEngine')}.`,
    ),
  thresholds: z
    .record(z.string(), threshold(), { error: 'a mapping such as { rs1: { upper: 100 } }' })
    .optional()
    .describe(`Limits of connections, by name of the real server; ${only('thresholds')}.`),
});

/** What other programs call the keys of a service. */
export const otherNames: Readonly<Record<string, string>> = {
  mark: 'fwmark',
  firewallmark: 'fwmark',
  'firewall-mark': 'fwmark',
  'fwmark-service': 'fwmark',
  range: 'ports: 5000-5010',
  'port-range': 'ports: 5000-5010',
  virtual_server_group: 'ports: 5000-5010',
  group: 'ports: 5000-5010',
  'mcast-group': 'group',
  mcast_group: 'group',
  'mcast-port': 'port',
  'mcast-ttl': 'ttl',
  'mcast-interface': 'device',
  interface: 'device',
  maxlen: 'maxLength',
  'sync-maxlen': 'maxLength',
  syncid: 'id',
  lvs_sync_daemon: 'sync',
  lvs_timeouts: 'timeouts: { tcp: 900s, tcpFin: 120s, udp: 300s }',
  set: 'timeouts: { tcp: 900s, tcpFin: 120s, udp: 300s }',
  tcpfin: 'tcpFin',
  ops: 'onePacket',
  flags: 'schedulerFlags',
  'sched-flags': 'schedulerFlags',
  'sh-port': 'schedulerFlags: [sh-port]',
  'sh-fallback': 'schedulerFlags: [sh-fallback]',
  'mh-port': 'schedulerFlags: [mh-port]',
  'mh-fallback': 'schedulerFlags: [mh-fallback]',
  lvs_sched: 'scheduler',
  lb_algo: 'scheduler',
  algorithm: 'scheduler',
  lvs_method: 'forward',
  lb_kind: 'forward',
  method: 'forward',
  persistence_timeout: 'persistence',
  persistent: 'persistence',
  pe: 'persistenceEngine: sip',
  persistence_engine: 'persistenceEngine: sip',
  'persistence-engine': 'persistenceEngine: sip',
  persistence_granularity: 'persistenceMask',
  netmask: 'persistenceMask',
  granularity: 'persistenceMask',
  uthreshold: 'thresholds: { rs1: { upper: 100 } }',
  lthreshold: 'thresholds: { rs1: { upper: 100, lower: 75 } }',
  sorry_server: 'sorryServer',
  fallback: 'sorryServer',
  inhibit_on_failure: 'inhibitOnFailure',
  quiescent: 'inhibitOnFailure',
  real_server: 'realServers',
  real: 'realServers',
  delay_loop: 'healthCheck: { interval: 1s }',
};
