import { destinationOf, entryOf, inTable, methodFlag } from '../../src/model/ipvs-words.ts';
import type { Destination, HostSpec, LabSpec, ServiceSpec } from '../../src/model/spec.ts';
import { syncOptionsOf, syncWords } from '../../src/model/sync-words.ts';
import { feed, isActive, vipAddresses, vipsHeldBy } from './active.ts';
import type { Director } from './director.ts';

/** Rules for `ipvsadm -R`, as `ipvsadm -S -n` prints them. */
export const ipvsRules = (spec: LabSpec): string =>
  inTable(spec.services)
    .map((service) => serviceRules(spec, service))
    .join('');

function serviceRules(spec: LabSpec, service: ServiceSpec): string {
  const name = entryOf(service);
  const options = [
    ...(service.schedulerFlags?.length ? ['-b', service.schedulerFlags.join(',')] : []),
    ...(service.persistenceS > 0 ? ['-p', String(service.persistenceS)] : []),
    ...(service.persistenceMask === undefined ? [] : ['-M', service.persistenceMask]),
    ...(service.onePacket ? ['-o'] : []),
    ...(service.persistenceEngine ? ['--pe', service.persistenceEngine] : []),
  ].map((word) => ` ${word}`);
  const servers = service.realServers.map((server) => {
    const destination = destinationOf(spec, service, server.name);
    return `-a ${name} ${destination} ${methodFlag(service, server.name)} -w ${server.weight}${limits(server)}\n`;
  });
  return `-A ${name} -s ${service.scheduler}${options.join('')}\n${servers.join('')}`;
}

const limits = ({ upperThreshold = 0, lowerThreshold = 0 }: Destination): string =>
  `${upperThreshold > 0 ? ` -x ${upperThreshold}` : ''}${lowerThreshold > 0 ? ` -y ${lowerThreshold}` : ''}`;

/** ipvsadm(8), `--start-daemon`: the first director sends its connections, the others listen. */
function syncDaemon(spec: LabSpec, director: HostSpec): string {
  const { sync } = spec.director;
  if (!sync) return '';
  const role = isActive(spec, director) ? 'master' : 'backup';
  return `ipvsadm --start-daemon ${role} ${syncWords(syncOptionsOf(sync, director))}\n`;
}

/** 0 leaves a timeout as it is. */
function setTimeouts({ director: { timeouts } }: LabSpec): string {
  if (!timeouts) return '';
  const { tcpS = 0, tcpFinS = 0, udpS = 0 } = timeouts;
  return `ipvsadm --set ${tcpS} ${tcpFinS} ${udpS}\n`;
}

const hasRules = (spec: LabSpec, director: HostSpec): boolean =>
  isActive(spec, director) || spec.director.sync !== undefined;

/**
 * IPVS set by hand: the first director holds the VIPs and the rules, others stand by empty. With synchronisation they
 * have the rules too, since the daemons do not carry them.
 */
export const ipvsadm: Director = {
  logs: [],
  configs: (spec, director) =>
    [
      { name: 'ip -batch (VIPs)', text: isActive(spec, director) ? vipAddresses(spec, director) : '' },
      { name: 'ipvsadm-restore', text: hasRules(spec, director) ? ipvsRules(spec) : '' },
      { name: 'ipvsadm --start-daemon', text: syncDaemon(spec, director) },
      { name: 'ipvsadm --set', text: hasRules(spec, director) ? setTimeouts(spec) : '' },
    ]
      .filter(({ text }) => text !== '')
      .map((config) => ({ host: director.name, ...config })),
  async apply(spec, director, host) {
    if (!hasRules(spec, director)) return undefined;
    const vips = isActive(spec, director) ? feed('ip -batch -', vipAddresses(spec, director)) : '';
    const rules = feed('ipvsadm -R', ipvsRules(spec));
    await host.exec(
      `set -e # VIPs, then rules for ipvsadm -R\n${vips}${rules}${setTimeouts(spec)}${syncDaemon(spec, director)}`,
    );
    return undefined;
  },
  holds: (spec, director) => ({
    vips: vipsHeldBy(spec, director),
    ipvsServices: hasRules(spec, director) ? spec.services : [],
    withinMs: 5_000,
  }),
};
