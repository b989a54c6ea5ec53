import type { FaultSpec } from '../../src/model/fault.ts';
import { hostSpec } from '../../src/model/spec.ts';
import { runProgram } from '../../src/programs/index.ts';
import { startPassing } from '../files/index.ts';
import { socketsOf } from '../servers/layout.ts';
import { reached } from './ask.ts';
import { startDirector } from './director.ts';
import type { Fault } from './fault.ts';
import { worksOf } from './link.ts';
import type { Parts } from './parts.ts';
import { restartService } from './service.ts';

type PowerOff = Extract<FaultSpec, { kind: 'powerOff' }>;

/**
 * Hosts share one kernel, so what a kernel does by itself (timers, connection tables) goes on, cut off from
 * everything; `rebooted` empties that. The service of a real server may be played by a program of several: it hangs.
 */
export const powerOff = (spec: PowerOff, parts: Parts): Fault =>
  spec.back === 'thawed' ? pausedHost(spec.host, parts) : rebootedHost(spec.host, parts);

const serves = ({ spec }: Parts, name: string): boolean => socketsOf(spec, hostSpec(spec, name)).length > 0;

function pausedHost(name: string, parts: Parts): Fault {
  const works = worksOf(parts);
  let frozen: string[] = [];
  return {
    async apply() {
      await parts.links.set(name, 'down');
      frozen = pidsIn(await runProgram(works.sandbox, 'processes', ['STOP', name]));
      if (serves(parts, name)) await works.behave(name, { hang: true });
    },
    verify: () => verifyOff(name, parts),
    async revert() {
      if (frozen.length > 0) await runProgram(works.sandbox, 'processes', ['CONT', name, ...frozen]);
      if (serves(parts, name)) await works.behave(name, undefined);
      await parts.links.set(name, 'up');
    },
  };
}

/** The configuration of the lab is applied again; what a hook did to the host is lost, as after a reboot. */
function rebootedHost(name: string, parts: Parts): Fault {
  const works = worksOf(parts);
  return {
    async apply() {
      await parts.links.set(name, 'down');
      if (serves(parts, name)) await parts.servers.kill(name);
      parts.daemons.delete(name);
      await runProgram(works.sandbox, 'processes', ['KILL', name]);
    },
    verify: () => verifyOff(name, parts),
    async revert() {
      await works.renew(name);
      await startPassing(hostSpec(parts.spec, name), parts.host(name));
      if (serves(parts, name)) await restartService(parts, name);
      if (hostSpec(parts.spec, name).role === 'director') await startDirector(parts, name);
    },
  };
}

const pidsIn = (rows: string[][]): string[] => rows.flatMap(([pid = '']) => pid);

async function verifyOff(name: string, parts: Parts) {
  const listed = await runProgram(worksOf(parts).sandbox, 'processes', ['0', name]);
  const going = listed.filter((row) => !/^[Tt]$/.test(row.at(-1) ?? '')).map((row) => row.join(' '));
  const peers = await reached(parts.spec, parts.host, name);
  const sentence = [
    peers.length === 0 ? `${name} reaches nobody` : `${name} still reaches ${peers.join(', ')}`,
    going.length === 0 ? 'none of its processes runs' : `${going.join(', ')} runs`,
  ].join('; ');
  return { happened: peers.length === 0 && going.length === 0, sentence, data: { reached: peers, going } };
}
