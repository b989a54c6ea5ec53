import { traitsOf } from '../../../src/model/director-kinds.ts';
import type { Lab } from '../../../src/model/lab.ts';
import type { RemedyStep } from '../../../src/model/remedy.ts';
import { hostsOf } from '../../../src/model/spec.ts';
import { factsIn } from '../../../src/probe/state/index.ts';
import { programCommand } from '../../../src/programs/index.ts';
import { advice, on } from '../remedy.ts';

/** A daemon of a director that is there and does nothing (`stopped`), or is not there. */
export interface DaemonAway {
  host: string;
  name: string;
  state: string;
}

/** Daemons that the directors should run, and that do not work. What is not always seen under its name is not missed. */
export async function daemonsAway(lab: Lab): Promise<DaemonAway[]> {
  const meant = (traitsOf(lab.spec).daemons ?? []).filter(({ elusive }) => !elusive);
  if (meant.length === 0) return [];
  const ofHosts = hostsOf(lab.spec, 'director').map(async ({ name: host }) => {
    const { stdout } = await lab.host(host).run(programCommand('host-state', ['daemons']));
    const there = new Map(factsIn(stdout).map(({ key, value }) => [key, value]));
    return meant.flatMap(({ name }): DaemonAway[] => {
      const state = there.get(name) ?? 'ended';
      return state === 'running' ? [] : [{ host, name, state }];
    });
  });
  return (await Promise.all(ofHosts)).flat();
}

export const daemonAway = ({ host, name, state }: DaemonAway): string =>
  state === 'stopped'
    ? `${name} on ${host} is stopped (SIGSTOP) and does nothing`
    : `${name} does not run on ${host}`;

export const revived = ({ host, name, state }: DaemonAway): RemedyStep[] =>
  state === 'stopped'
    ? on(host, `kill -CONT $(pidof ${name})`)
    : advice(`start ${name} on ${host} again; see its log`);
