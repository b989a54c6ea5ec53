import { healthCheckOf, type LabSpec } from '../../src/model/spec.ts';
import { feed, isActive, vipAddresses, vipsHeldBy } from './active.ts';
import { birdFile, birdLog, startBird, untilItEnds } from './announcing.ts';
import { birdConf } from './birdConf.ts';
import type { Director } from './director.ts';
import { confFile, keepalivedCommand, log } from './keepalivedCommand.ts';
import { keepalivedConf } from './keepalivedConf.ts';

/** Every director runs the daemon; with VRRP it moves the VIPs, without they stay on the first one. */
export const keepalived: Director = {
  logs: [log, birdLog],
  configs: (spec, director) => [
    ...(holdsVipsPlainly(spec, director)
      ? [{ host: director.name, name: 'ip -batch (VIPs)', text: vipAddresses(spec, director) }]
      : []),
    { host: director.name, name: confFile, text: keepalivedConf(spec, director) },
    ...(spec.director.announce
      ? [{ host: director.name, name: birdFile, text: birdConf(spec, director) ?? '' }]
      : []),
  ],
  async apply(spec, director, host) {
    await host.put(confFile, keepalivedConf(spec, director));
    await startBird(spec, director, host);
    const vips = holdsVipsPlainly(spec, director)
      ? feed('ip -force -batch - 2>/dev/null', vipAddresses(spec, director))
      : spec.director.announce
        ? untilItEnds(spec)
        : '';
    return host.spawn(['sh', '-c', `${vips}${await keepalivedCommand(host)}`]);
  },
  holds: (spec, director) => ({
    vips: vipsHeldBy(spec, director),
    ipvsServices: spec.services,
    withinMs: settlesWithinMs(spec),
  }),
};

const holdsVipsPlainly: (...of: Parameters<typeof isActive>) => boolean = (spec, director) =>
  !spec.director.vrrp && !spec.director.announce && isActive(spec, director);

/**
 * A backup becomes master after 3 adverts and a skew of up to 1, or after the delay of who preempts; then start-up
 * and a first round of checks.
 */
function settlesWithinMs(spec: LabSpec): number {
  const { advertMs = 0, preemptDelayS = 0 } = spec.director.vrrp ?? {};
  const intervalsMs = spec.services.map((service) => healthCheckOf(spec, service)?.intervalMs ?? 0);
  return 8_000 + 5 * advertMs + 1_000 * preemptDelayS + 2 * Math.max(0, ...intervalsMs);
}
