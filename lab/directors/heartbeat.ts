import { hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { asset } from '../../src/util/root.ts';
import { type Director, nothing } from './director.ts';
import { heartbeatFiles, logs } from './heartbeatConf.ts';
import { settlesWithinMs } from './ldirectord.ts';

/**
 * A pair: heartbeat moves the VIPs (IPaddr2) and starts ldirectord where they are. Its first process is heartbeat's
 * own; the ldirectord that it started lives on where heartbeat is killed, with VIPs and rules, as on any machine.
 */
export const heartbeat: Director = {
  logs: ['heartbeat.log', `${logs.outside}/ha-log`, `${logs.outside}/ldirectord.log`],
  configs: (spec, director) => {
    return Object.entries(heartbeatFiles(spec, director)).map(([name, text]) => ({
      host: director.name,
      name,
      text,
    }));
  },
  async apply(spec, director, host) {
    for (const [name, text] of Object.entries(heartbeatFiles(spec, director)))
      await host.put(`ha/conf/${name}`, text);
    const start = `exec unshare --mount --uts /bin/sh "$0" "$1" >>heartbeat.log 2>&1`;
    return host.spawn(['sh', '-c', start, asset('lab/directors/heartbeat.sh'), director.name]);
  },
  holds: (spec, director) =>
    hostsOf(spec, 'director')[0]?.name === director.name
      ? { vips: vipsOf(spec), ipvsServices: spec.services, withinMs: startsWithinMs(spec), everyMs: 1_000 }
      : { ...nothing, withinMs: startsWithinMs(spec), everyMs: 1_000 },
};

/** Its scripts start hundreds of programs, each of which costs a lab kernel up to 0.1 s. */
const startsWithinMs = (spec: LabSpec): number =>
  60_000 + (spec.director.heartbeat?.initDeadMs ?? 0) + settlesWithinMs(spec);
