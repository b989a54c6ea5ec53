import { saturatedPart } from './bottleneck.ts';
import { countersOf, loadBetween } from './resources.ts';
import type { Aim, LoadGenerator, LoadRun } from './types.ts';

/** Runs a generator, and reads the hosts' CPUs and interfaces before and after. @throws {ProbeFailed} as the generator. */
export async function loadRun(generator: LoadGenerator, aim: Aim): Promise<LoadRun> {
  const hosts = [
    { host: aim.client, role: 'client' as const },
    ...aim.directors.map((host) => ({ host, role: 'director' as const })),
    ...aim.realServers.map((host) => ({ host, role: 'realServer' as const })),
  ];
  const countAll = () => Promise.all(hosts.map(({ host }) => countersOf(aim.lab.host(host))));
  const before = await countAll();
  const since = performance.now();
  const generated = await generator.generate(aim);
  const durationMs = performance.now() - since;
  const after = await countAll();
  const loads = hosts.flatMap((host, i) => {
    const [then, now] = [before[i], after[i]];
    return then && now ? [loadBetween(then, now, host)] : [];
  });
  return { ...generated, durationMs, hosts: loads, saturated: saturatedPart(loads, generated.ownCpu) };
}
