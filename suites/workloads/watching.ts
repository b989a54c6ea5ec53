import type { Lab } from '../../src/model/lab.ts';
import type { Bytes } from '../../src/model/return-path.ts';
import { deviceOf, hostSpec, hostsOf, type LabSpec } from '../../src/model/spec.ts';
import {
  type Counters,
  type HostLoad,
  loadBetween,
  parseCounters,
  type Saturated,
  saturatedPart,
} from '../../src/probe/generators/index.ts';
import { comparedService, sender } from './servers.ts';

/** What the counters of the hosts on the way say of a trial. */
export interface Watched {
  /** Missing where there is no director, or no such interface. */
  directorBytes?: Bytes;
  clientBytes?: Bytes;
  saturated: Saturated['part'];
}

type Watcher = (ownCpu: number) => Promise<Watched>;

/**
 * Reads the counters of client, director and real servers, files only and no program: a look must not disturb.
 * @returns reads them again, when the load is over.
 */
export async function watch(lab: Lab, spec: LabSpec): Promise<Watcher> {
  const [director] = hostsOf(spec, 'director');
  const client = sender(spec).name;
  const hosts: Pick<HostLoad, 'host' | 'role'>[] = [
    { host: client, role: 'client' },
    ...(director ? [{ host: director.name, role: 'director' as const }] : []),
    ...comparedService(spec).realServers.map(({ name }) => ({ host: name, role: 'realServer' as const })),
  ];
  const lookAtAll = () => Promise.all(hosts.map(({ host }) => lookAt(lab, spec, host)));
  const before = await lookAtAll();
  return async (ownCpu) => {
    const after = await lookAtAll();
    const passed = (host: string | undefined): Bytes | undefined => {
      const i = hosts.findIndex((one) => one.host === host);
      const [then, now] = [before[i]?.bytes, after[i]?.bytes];
      return then && now && { in: now.in - then.in, out: now.out - then.out };
    };
    const loads = hosts.flatMap((host, i) => {
      const [then, now] = [before[i], after[i]];
      return then && now ? [loadBetween(then.counters, now.counters, host)] : [];
    });
    const [directorBytes, clientBytes] = [passed(director?.name), passed(client)];
    return {
      ...(directorBytes && { directorBytes }),
      ...(clientBytes && { clientBytes }),
      saturated: saturatedPart(loads, ownCpu).part,
    };
  };
}

const files = ['/proc/sys/kernel/random/boot_id', '/proc/stat', '/proc/net/dev'];

async function lookAt(lab: Lab, spec: LabSpec, name: string): Promise<{ counters: Counters; bytes?: Bytes }> {
  const host = lab.host(name);
  const texts = await Promise.all(files.map(async (file) => Buffer.from(await host.get(file)).toString()));
  const text = texts.join('');
  const bytes = parseDevice(text, deviceOf(hostSpec(spec, name)));
  return { counters: parseCounters(text), ...(bytes && { bytes }) };
}

/** proc_pid_net(5): after the name eight columns received, the first of them bytes; then as many sent. */
export function parseDevice(text: string, device: string): Bytes | undefined {
  const line = text.split('\n').find((each) => each.trim().startsWith(`${device}:`));
  const columns = line
    ?.slice(line.indexOf(':') + 1)
    .trim()
    .split(/\s+/)
    .map(Number);
  const [received, sent] = [columns?.[0], columns?.[8]];
  return received === undefined || sent === undefined ? undefined : { in: received, out: sent };
}
