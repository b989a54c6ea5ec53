import { z } from 'zod';
import { andList } from '../../util/words.ts';
import { kindsThat, kindsWithKey, kindsWithServiceKey } from '../director-kinds.ts';
import { directorTraits, type HealthTraits } from '../director-traits.ts';
import { defaultDirectorKind, directorKinds } from '../kinds.ts';
import { duration } from './quantities.ts';
import { device } from './schema-driver.ts';
import { hostKeys } from './schema-hosts.ts';
import { address, flag, listOf, mapping, oneOf, quantity, whole } from './schema-parts.ts';
import { eitherAddress } from './schema-topology.ts';

/** Directors, and how they look after real servers, as a lab file may write them. */

/** Which kinds understand a key, for the texts of this file. */
const only = (key: Parameters<typeof kindsWithKey>[0]): string => `${andList(kindsWithKey(key))} only`;
const onlyService = (key: Parameters<typeof kindsWithServiceKey>[0]): string =>
  `${andList(kindsWithServiceKey(key))} only`;
const checking = (key: HealthTraits['lacks'][number]): string =>
  andList(kindsThat(({ health }) => health && !health.lacks.includes(key)));
const slowPrograms = andList([
  ...new Set(
    Object.values(directorTraits).flatMap(({ health }) => (health?.timeout === '3s' ? [health.by] : [])),
  ),
]);

/** `keepalived, heartbeat (2), or ipvsadm with «sync»` */
function severalNeed(): string {
  const kinds = directorKinds.map((kind) => ({ kind, several: directorTraits[kind].several }));
  const able = kinds.flatMap(({ kind, several }) =>
    'takeOver' in several ? [several.pair ? `${kind} (2)` : kind] : [],
  );
  const unless = kinds.flatMap(({ kind, several }) =>
    'unless' in several ? [`${kind} with «${several.unless}»`] : [],
  );
  return `${able.join(', ')}, or ${unless.join(' or ')}`;
}

const wordError = 'a name of letters, digits, hyphens and underscores that begins with a letter';
const word = () => z.string({ error: wordError }).regex(/^[A-Za-z][\w-]{0,31}$/, { error: wordError });

// keepalived.conf(5): a quoted string, in which `$` begins a parameter; the shell's own quotes are around it.
const commandError = 'one command line without quotes, $ and backslashes';
const commandLine = () =>
  z.string({ error: commandError }).regex(/^[^'"$\\\n]*\S[^'"$\\\n]*$/, { error: commandError });

const instance = () =>
  mapping({
    name: word().optional().describe('Name of the instance; default VI_1, VI_2 …'),
    vips: listOf(eitherAddress(), '[198.18.0.100]')
      .min(1, { error: 'at least one VIP' })
      .describe('VIPs of the services that move together.'),
    routerId: whole(1, 255)
      .optional()
      .describe('Virtual router ID; default: that of vrrp and the following numbers.'),
    priorities: listOf(whole(1, 254), '[100, 150]')
      .optional()
      .describe('One per director; default: those of vrrp, rotated by one place for each instance.'),
  });

const trackScript = () =>
  mapping({
    name: word().describe('Name of the script in keepalived.conf.'),
    script: commandLine().describe('A command line for sh; any exit code other than 0 is a failure.'),
    interval: quantity(duration).default('1s').describe('Between two runs, in whole seconds.'),
    timeout: quantity(duration).default('1s').describe('A run that takes longer fails; whole seconds.'),
    weight: whole(-253, 253)
      .default(0)
      .describe('Added to the priority: below 0 on failure, above 0 on success; 0: failure is a fault.'),
    rise: whole(1, 100).default(1).describe('This many successes in a row count as success.'),
    fall: whole(1, 100).default(1).describe('This many failures in a row count as failure.'),
  });

const trackInterface = () =>
  mapping({
    device: device().describe('Interface whose carrier is tracked.'),
    weight: whole(-253, 253).default(0).describe('Added to the priority, as that of a script.'),
  });

const garp = () =>
  mapping({
    delay: quantity(duration)
      .optional()
      .describe(
        'Between the first series of announcements and the second, in whole seconds; 0: no second one.',
      ),
    repeat: whole(1, 100).optional().describe('Frames in a series; default 5.'),
    refresh: quantity(duration)
      .optional()
      .describe('The master announces the VIPs again this often, in whole seconds; default: never.'),
    refreshRepeat: whole(1, 100).optional().describe('Frames in each refresh; default 1.'),
  });

const vrrp = () =>
  mapping({
    version: z
      .union([z.literal(2), z.literal(3)], { error: '2 or 3' })
      .default(2)
      .describe('VRRP version.'),
    routerId: whole(1, 255).default(51).describe('Virtual router ID.'),
    advert: quantity(duration)
      .default('1s')
      .describe(
        'Advertisement interval: whole seconds in version 2; in version 3 steps of 10ms up to 40.95s.',
      ),
    priorities: listOf(whole(1, 254), '[150, 100]')
      .optional()
      .describe('One per director, in their order; default 150, 100, 90 …'),
    preempt: flag()
      .default(true)
      .describe('A director of higher priority takes the VIP back when it returns.'),
    preemptDelay: quantity(duration)
      .optional()
      .describe('It waits this long before it does, in whole seconds up to 1000s.'),
    unicast: flag()
      .optional()
      .describe('Advertisements go to the addresses of the other directors instead of a multicast group.'),
    virtualMac: flag()
      .optional()
      .describe('The VIPs have the MAC address of the virtual router, 00:00:5e:00:01:ID (use_vmac).'),
    instances: listOf(instance(), '[{ vips: [198.18.0.100] }, { vips: [198.18.0.101] }]')
      .min(1, { error: 'at least one instance' })
      .optional()
      .describe(
        'Several instances, so that each director is active for some VIPs; default: one with all VIPs.',
      ),
    syncGroup: flag().optional().describe('All instances move together (vrrp_sync_group).'),
    trackInterfaces: listOf(trackInterface(), '[{ device: eth0 }]')
      .optional()
      .describe('Interfaces that must have a carrier.'),
    trackScripts: listOf(trackScript(), '[{ name: alive, script: test -e /run/alive }]')
      .optional()
      .describe('Commands that must succeed.'),
    garp: garp().optional().describe('How the VIPs are announced by gratuitous ARP.'),
  });

const healthCheckKeys = () => ({
  interval: quantity(duration)
    .optional()
    .describe('Between two checks of a real server (delay_loop, checkinterval); default 1s.'),
  timeout: quantity(duration)
    .optional()
    .describe(`For one attempt; default 1s; of misc and with ${slowPrograms} 3s.`),
  retries: whole(0, 100)
    .optional()
    .describe('Further attempts before a real server counts as dead; default 1.'),
  retryDelay: quantity(duration)
    .optional()
    .describe(
      `Before a further attempt (delay_before_retry); default: the interval; ${checking('retryDelay')} only.`,
    ),
  check: oneOf(['tcp', 'udp', 'http', 'misc'])
    .optional()
    .describe('What is tried: a connection, a datagram, a page, or a command; default tcp, or udp.'),
  path: z
    .string({ error: pathError })
    .regex(/^\/[^\s"'$\\]*$/, { error: pathError })
    .optional()
    .describe('http: the page; default /.'),
  status: whole(100, 599).optional().describe('http: status code that is healthy; default: 200 to 299.'),
  digest: z
    .string({ error: digestError })
    .regex(/^[0-9a-f]{32}$/, { error: digestError })
    .optional()
    .describe(`http: MD5 of the page, as genhash prints it; ${checking('digest')} only.`),
  receive: z
    .string({ error: receiveError })
    .regex(/^[^"$\\\n]+$/, { error: receiveError })
    .optional()
    .describe('http: regular expression that the page matches.'),
  script: commandLine()
    .optional()
    .describe('misc: a command line for sh; {rip} and {port} are those of the real server.'),
});

const pathError = 'a path such as /health, without spaces and quotes';
const digestError = 'an MD5 sum of 32 hexadecimal digits';
const receiveError = 'a regular expression without double quotes, $ and backslashes';

export const healthCheck = () =>
  z.union([z.literal(false), mapping(healthCheckKeys())], {
    error: 'false, or { interval: 1s, timeout: 1s, retries: 1 }',
  });
export type RawHealthCheck = Exclude<z.output<ReturnType<typeof healthCheck>>, false>;

/** Availability keys of a service. */
export const availabilityKeys = () => ({
  healthCheck: healthCheck()
    .optional()
    .describe('Overrides keys of the directors’ health check for this service; false: no checks.'),
  sorryServer: z
    .string({ error: 'the name of a real server' })
    .optional()
    .describe('Real server outside this service that serves when no other does (fallback).'),
  inhibitOnFailure: flag()
    .optional()
    .describe('A dead real server stays in the table with weight 0 (inhibit_on_failure, quiescent).'),
  quorum: mapping({
    weight: whole(1, 65535).default(1).describe('Total weight of live real servers that the service needs.'),
    hysteresis: whole(0, 65535)
      .default(0)
      .describe('The quorum is gained this much above that weight and lost this much below it.'),
    up: commandLine().optional().describe('Command line for sh, run when the quorum is gained.'),
    down: commandLine().optional().describe('Command line for sh, run when the quorum is lost.'),
  })
    .optional()
    .describe(`${onlyService('quorum')}: how much of a service must be alive.`),
  alpha: flag()
    .optional()
    .describe(`${onlyService('alpha')}: real servers count as dead until a first check has succeeded.`),
  omega: flag()
    .optional()
    .describe(`${onlyService('omega')}: the command for a lost quorum also runs when keepalived stops.`),
});

const heartbeat = () =>
  mapping({
    keepalive: quantity(duration).default('500ms').describe('Between two messages.'),
    warn: quantity(duration).default('1500ms').describe('A message this late is logged.'),
    dead: quantity(duration).default('3s').describe('Silence after which the other director is dead.'),
    initDead: quantity(duration).default('6s').describe('The same while starting; at least «dead».'),
    failBack: flag()
      .default(true)
      .describe('The first director takes the VIPs back when it returns (auto_failback).'),
    over: oneOf(['ucast', 'bcast', 'mcast']).default('ucast').describe('How messages travel.'),
  });

const sync = () =>
  mapping({
    id: whole(0, 255).default(0).describe('Daemons with another ID do not hear each other.'),
    device: device()
      .optional()
      .describe('Interface of the multicast; default: the one with the address of the director.'),
    group: address().optional().describe('Multicast group of the daemons; default 224.0.0.81.'),
    port: whole(1, 65535).optional().describe('UDP port of the daemons; default 8848.'),
    ttl: whole(1, 255).optional().describe('TTL of what they send; default 1.'),
    maxLength: whole(1, 65507).optional().describe('Bytes of a message; default: what fits into 1500.'),
  });

const timeouts = () =>
  mapping({
    tcp: quantity(duration).optional().describe('Of idle established connections; default 900s.'),
    tcpFin: quantity(duration).optional().describe('Of connections after a FIN; default 120s.'),
    udp: quantity(duration).optional().describe('Of flows of UDP; default 300s.'),
  });

const asn = () => whole(1, 4_294_967_294);

const announce = () =>
  z.union(
    [
      z.literal('bgp'),
      mapping({
        asn: asn().optional().describe('AS of the directors; default 64512.'),
        routerAsn: asn().optional().describe('AS of the routers; default 64513.'),
        hold: quantity(duration)
          .optional()
          .describe('A neighbour silent this long is gone, in whole seconds; default 9s.'),
        bfd: z
          .union(
            [
              z.literal(false),
              mapping({
                interval: quantity(duration).default('300ms').describe('Between two packets.'),
                multiplier: whole(1, 255).default(3).describe('So many missing, and the neighbour is gone.'),
              }),
            ],
            { error: 'false, or { interval: 300ms, multiplier: 3 }' },
          )
          .optional()
          .describe('Detection of a neighbour that is gone; false: none but «hold».'),
      }),
    ],
    { error: 'bgp, or a mapping such as { asn: 64512, bfd: { interval: 300ms, multiplier: 3 } }' },
  );

export const directors = () =>
  z.union(
    [
      whole(1, 10),
      mapping({
        count: whole(1, 10).optional().describe(`How many directors; several need ${severalNeed()}.`),
        with: oneOf(directorKinds)
          .default(defaultDirectorKind)
          .describe('The program that makes it a director.'),
        vrrp: vrrp()
          .optional()
          .describe(`${only('vrrp')}; on by default with two or more directors.`),
        healthCheck: healthCheck()
          .optional()
          .describe(
            `${andList(kindsWithKey('healthCheck'))}, where it is on by default; false turns it off.`,
          ),
        heartbeat: heartbeat()
          .optional()
          .describe(`${only('heartbeat')}: its times and its transports.`),
        sync: sync()
          .optional()
          .describe(
            `${andList(kindsThat(({ directorKeys }) => directorKeys.includes('sync')))}: the kernel synchronises the directors’ connections.`,
          ),
        timeouts: timeouts()
          .optional()
          .describe(
            `${only('timeouts')}: how long IPVS keeps idle entries, in whole seconds (ipvsadm --set).`,
          ),
        announce: announce()
          .optional()
          .describe(
            `${only('announce')}: all directors have the VIPs, and bird announces them by BGP to the routers, which spread flows (ECMP).`,
          ),
        hosts: listOf(mapping(hostKeys()), '[{ name: d1 }, { name: d2 }]')
          .min(1, { error: 'at least one director' })
          .max(10, { error: 'at most 10 directors' })
          .optional()
          .describe('The directors, one entry each, instead of count.'),
      }),
    ],
    { error: 'a number, or a mapping such as { count: 2, with: keepalived }' },
  );
export type RawDirectors = Exclude<z.output<ReturnType<typeof directors>>, number>;
