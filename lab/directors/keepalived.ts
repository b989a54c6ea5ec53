import { vipsOf } from '../../src/model/spec.ts';
import { feed, isActive, vipAddresses } from './active.ts';
import { keepalivedConf } from './keepalivedConf.ts';
import type { Kind } from './kind.ts';

/** Relative to the director's own folder on the lab's file system. */
export const keepalivedLog = 'keepalived.log';
const confFile = 'keepalived.conf';

/** Every director runs the daemon; with VRRP it moves the VIPs, without they stay on the first one. */
export const keepalived: Kind = {
  checksHealth: true,
  configs: (spec, director) => [
    ...(holdsVipsPlainly(spec, director)
      ? [{ host: director.name, name: 'ip -batch (VIPs)', text: vipAddresses(spec, director) }]
      : []),
    { host: director.name, name: confFile, text: keepalivedConf(spec, director) },
  ],
  async apply(spec, director, host) {
    await host.put(confFile, keepalivedConf(spec, director));
    const vips = holdsVipsPlainly(spec, director)
      ? feed('ip -force -batch - 2>/dev/null', vipAddresses(spec, director))
      : '';
    return host.spawn([
      'sh',
      '-c',
      `${vips}exec keepalived -n -l -D -G -f "$PWD/${confFile}" -p "$PWD/keepalived.pid" -r "$PWD/vrrp.pid" -c "$PWD/checkers.pid" >>${keepalivedLog} 2>&1`,
    ]);
  },
  holds: (spec, director) => ({
    vips: isActive(spec, director) ? vipsOf(spec) : [],
    ipvsServices: spec.services,
    withinMs: settlesWithinMs(spec.director.vrrp?.advertMs, spec.director.healthCheck?.intervalMs),
  }),
};

const holdsVipsPlainly: (...of: Parameters<typeof isActive>) => boolean = (spec, director) =>
  !spec.director.vrrp && isActive(spec, director);

/** A backup becomes master after 3 adverts and a skew of up to 1; then start-up and a first round of checks. */
const settlesWithinMs = (advertMs = 0, intervalMs = 0): number => 8_000 + 5 * advertMs + 2 * intervalMs;
