import { healthCheckOf, type LabSpec } from '../../src/model/spec.ts';
import { feed, isActive, vipAddresses, vipsHeldBy } from './active.ts';
import type { Director } from './director.ts';
import { ldirectordConf } from './ldirectordConf.ts';

const log = 'ldirectord.log';
const confFile = 'ldirectord.cf';

/** One director: its VIPs are set by hand, and ldirectord owns the rules and checks the real servers. */
export const ldirectord: Director = {
  logs: [log],
  configs: (spec, director) =>
    isActive(spec, director)
      ? [
          { host: director.name, name: 'ip -batch (VIPs)', text: vipAddresses(spec, director) },
          { host: director.name, name: confFile, text: conf(spec) },
        ]
      : [],
  async apply(spec, director, host) {
    if (!isActive(spec, director)) return undefined;
    await host.put(confFile, conf(spec));
    const vips = feed('ip -force -batch - 2>/dev/null', vipAddresses(spec, director));
    // Supervised it writes no pid file, and so nothing outside of its folder.
    const start = `exec ldirectord "$PWD/${confFile}" start >>${log} 2>&1`;
    return host.spawn(['sh', '-c', `${vips}${start}`]);
  },
  holds: (spec, director) => ({
    vips: vipsHeldBy(spec, director),
    ipvsServices: isActive(spec, director) ? spec.services : [],
    withinMs: settlesWithinMs(spec),
  }),
};

const conf = (spec: LabSpec): string => ldirectordConf(spec, { foreground: true });

/** Perl takes seconds to start in a lab kernel; then one real server is checked after another. */
export function settlesWithinMs(spec: LabSpec): number {
  const checks = spec.services.flatMap((service) =>
    service.realServers.map(() => healthCheckOf(spec, service)),
  );
  const roundMs = checks.reduce((sum, check) => sum + (check?.timeoutMs ?? 0), 0);
  return 30_000 + 2 * (roundMs + (spec.director.healthCheck?.intervalMs ?? 0));
}
