import type { FaultSpec } from '../../src/model/fault.ts';
import type { SpawnedProcess } from '../../src/model/host.ts';
import { deviceOf, hostSpec } from '../../src/model/spec.ts';
import { startProgram } from '../../src/programs/index.ts';
import { CommandFailed } from '../../src/util/errors.ts';
import { reached } from './ask.ts';
import type { Fault } from './fault.ts';
import type { Parts } from './parts.ts';

type PortDown = Extract<FaultSpec, { kind: 'portDown' }>;
type Flap = Extract<FaultSpec, { kind: 'flap' }>;

export const portDown = ({ host }: PortDown, parts: Parts): Fault => ({
  apply: () => parts.links.set(host, 'down'),
  async verify() {
    const peers = await reached(parts.spec, parts.host, host);
    const sentence =
      peers.length === 0
        ? `${host} reaches no host on its segment`
        : `${host} still reaches ${peers.join(', ')}`;
    return { happened: peers.length === 0, sentence, data: { reached: peers } };
  },
  revert: () => parts.links.set(host, 'up'),
});

/** The ports are switched by one program with its own plan, so that the period is kept whatever else goes on. */
export function flap({ host, periodMs, count }: Flap, parts: Parts): Fault {
  let switching: SpawnedProcess | undefined;
  let before = 0;
  return {
    async apply() {
      const works = worksOf(parts);
      before = await carrierChanges(parts, host);
      const words = [periodMs, count, ...works.portsOf(host)];
      const started = await startProgram(works.switchHost, 'flap', words);
      switching = started;
      for await (const _ of started.lines()) return;
      throw new CommandFailed('switch', 'flap.pl', await started.exited, started.stderr());
    },
    async verify() {
      const changes = (await carrierChanges(parts, host)) - before;
      const sentence = `${host} lost its carrier or got it back ${changes} times so far`;
      return { happened: changes > 0, sentence, data: { carrierChanges: changes } };
    },
    async revert() {
      await switching?.[Symbol.asyncDispose]();
      await parts.links.set(host, 'up');
    },
  };
}

/** As the host's own interface counted them. */
async function carrierChanges({ spec, host }: Parts, name: string): Promise<number> {
  const { stdout } = await host(name).exec(
    `exec ip -s -s -j link show dev ${deviceOf(hostSpec(spec, name))}`,
  );
  const [link] = JSON.parse(stdout) as { stats64?: { tx?: { carrier_changes?: number } } }[];
  const changes = link?.stats64?.tx?.carrier_changes;
  if (changes === undefined) throw new Error(`ip does not say how often the carrier of ${name} changed`);
  return changes;
}

export function worksOf({ works }: Parts) {
  if (!works) throw new Error('the driver of this lab did not make its switch');
  return works;
}
