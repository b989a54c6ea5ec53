import { readFile } from 'node:fs/promises';
import { announcersOf, listenersOf } from '../../src/model/announced.ts';
import type { Host, SpawnedProcess } from '../../src/model/host.ts';
import { type HostSpec, type LabSpec, type ServiceSpec, vipsOf } from '../../src/model/spec.ts';
import { TimedOut } from '../../src/util/errors.ts';
import { asset } from '../../src/util/root.ts';
import { timeoutMs } from '../../src/util/timeouts.ts';
import { until } from '../../src/util/until.ts';
import { birdConf } from './birdConf.ts';
import type { Spawning } from './director.ts';

/** How VIPs are announced: bird on directors and routers, and what tells it that a director is healthy. */

export const birdFile = 'bird.conf';
export const birdLog = 'bird.log';
const script = 'announce.sh';

/** A command line that looks after the VIP of a service, in the folder of the director. */
const announcing = (what: string, { vip, protocol, port }: ServiceSpec): string =>
  `sh ./${script} ${what} ${vip} ${protocol}${port}`;

/** What keepalived runs when a service gains its real servers, or loses them. */
export const quorumCommands = (service: ServiceSpec): { up: string; down: string } => ({
  up: [announcing('gained', service), ...(service.quorum?.up ? [service.quorum.up] : [])].join('; '),
  down: [announcing('lost', service), ...(service.quorum?.down ? [service.quorum.down] : [])].join('; '),
});

/**
 * Shell before a daemon that is to be announced: nothing is yet. However the daemon ends, its lock ends with it, and the VIPs
 * are withdrawn; that is waited for in a process group of its own, which no signal to the daemon reaches.
 */
export const untilItEnds = (spec: LabSpec): string =>
  [
    ...spec.services.map((service) => announcing('begin', service)),
    'exec 9>alive',
    'flock 9',
    `setsid flock alive sh ./${script} withdraw ${vipsOf(spec).join(' ')} 9>&- >/dev/null 2>&1 &`,
    '',
  ].join('\n');

/** Starts bird where it is to speak and does not. */
export async function startBird<Daemon extends SpawnedProcess>(
  spec: LabSpec,
  host: HostSpec,
  on: Spawning<Daemon>,
): Promise<void> {
  const conf = birdConf(spec, host);
  if (conf === undefined) return;
  const asked = 'birdc -s "$PWD/bird.ctl" show status >/dev/null 2>&1';
  const runs = async (): Promise<true | undefined> =>
    (await on.exec(asked, { okCodes: [0, 1] })).code === 0 || undefined;
  if (await runs()) return;
  await on.put(script, await readFile(asset(`lab/directors/${script}`), 'utf8'));
  await on.put(birdFile, conf);
  await on.exec(`bird -p -c ${birdFile}`);
  await on.spawn(['sh', '-c', `exec bird -f -c ${birdFile} -s "$PWD/bird.ctl" >>${birdLog} 2>&1`]);
  await until(`bird on ${host.name} to run`, runs, { withinMs: timeoutMs.ready, everyMs: 50 });
}

/** BGP connects, and tries again, within a few seconds. */
const heardWithinMs = 20_000;

/** What routers still lack of the VIPs when directors should have announced them; undefined when they have all. */
export async function unannounced(
  spec: LabSpec,
  host: (name: string) => Pick<Host, 'exec'>,
): Promise<string | undefined> {
  const wanted = announcersOf(spec).length;
  let missing: string[] = [];
  const heard = async (): Promise<true | undefined> => {
    const looked = listenersOf(spec).flatMap(({ host: { name } }) =>
      vipsOf(spec).map(async (vip) => {
        const { stdout } = await host(name).exec(`exec ip route show ${vip}/32`);
        const count = [...stdout.matchAll(/\bvia \S+/g)].length;
        return count === wanted ? [] : [`${name} has ${count} of ${wanted} next hops to ${vip}`];
      }),
    );
    missing = (await Promise.all(looked)).flat();
    return missing.length === 0 || undefined;
  };
  try {
    await until('the VIPs to be announced', heard, { withinMs: heardWithinMs, everyMs: 200 });
    return undefined;
  } catch (error) {
    if (error instanceof TimedOut) return missing.join('; ');
    throw error;
  }
}
