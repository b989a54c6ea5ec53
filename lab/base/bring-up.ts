import { listenersOf } from '../../src/model/announced.ts';
import type { Capability } from '../../src/model/capabilities.ts';
import { hasDaemon } from '../../src/model/director-kinds.ts';
import type { ConfigText } from '../../src/model/lab.ts';
import { type HostSpec, hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { Scope } from '../../src/util/scope.ts';
import type { AgentProcess } from '../agent/process.ts';
import { expectEngines, markTexts, setMarks, startBird, unannounced } from '../directors/index.ts';
import { LabFaults, type LabHost, type Links, type Services, type Works } from '../faults/index.ts';
import { directorOn, remarksOn, textsOf } from '../files/index.ts';
import { type RunHook, runHooks } from './hooks.ts';
import type { Built } from './lab.ts';
import { refusedLate, startOnFiles, vipsOfNobody } from './on-files.ts';
import type { AwaitHolding } from './settle.ts';

/** Hosts that have their addresses, and what a driver does in its own way with them. */
export interface Ground<H extends LabHost> {
  spec: LabSpec;
  scope: Scope;
  progress(text: string): void;
  host(name: string): H;
  /** The texts that were applied to make the hosts. */
  configs: ConfigText[];
  servers: Services & { start(): Promise<void> };
  /** Before a director is configured. */
  beforeDirector?(director: HostSpec): Promise<void>;
  /** Missing where no hook is run. */
  runHook?: RunHook;
  holding: AwaitHolding<H>;
  /** Asked once the lab has settled, since what directors load is there then. */
  fittings(): Promise<Fittings>;
}

/** How links are cut in a lab, what it lacks, and what can be done with hosts that drlab made itself. */
export interface Fittings {
  links: Links;
  lacks(capability: Capability): string | undefined;
  works?: Works;
}

/**
 * From hosts to a lab that is up, the same for all drivers: real servers, directors, hooks, what has to settle, faults.
 * @throws {CommandFailed} when a configuration is refused; {StepFailed}.
 */
export async function bringUp<H extends LabHost>(
  ground: Ground<H>,
): Promise<Pick<Built<H>, 'spec' | 'scope' | 'configs' | 'faults' | 'lacks' | 'unsettled'>> {
  const { spec, scope, progress, host, servers } = ground;
  await startOnFiles(spec, host, progress);
  const serving = servers.start();
  serving.catch(() => {});

  progress('configuring directors');
  for (const { host: router } of listenersOf(spec)) await startBird(spec, router, host(router.name));
  const directors = hostsOf(spec, 'director');
  if (hasDaemon(spec.director.kind)) await serving;
  const daemons = new Map<string, AgentProcess>();
  for (const director of directors) {
    await ground.beforeDirector?.(director);
    await expectEngines(spec, director, host(director.name));
    await setMarks(spec, director, host(director.name));
    const daemon = await directorOn(spec, director).apply(spec, director, host(director.name));
    if (daemon) daemons.set(director.name, daemon);
  }
  const { runHook } = ground;
  if (runHook) {
    await runHooks(spec, 'afterApply', runHook);
    scope.defer(() => runHooks(spec, 'beforeTeardown', runHook));
  }

  progress('waiting for the lab to settle');
  await serving;
  const unsettled = await Promise.race([
    whatLacks(spec, host, ground.holding),
    ...directors.map((director) => refusedLate(director, host(director.name), daemons.get(director.name))),
  ]);
  if (unsettled) progress(`the lab did not settle: ${unsettled}`);

  const fittings = await ground.fittings();
  const faults = new LabFaults({ spec, scope, host, servers, daemons, ...fittings });
  const remarks = (await Promise.all(spec.hosts.map((one) => remarksOn(one, host(one.name))))).flat();
  for (const { host: on, name, text } of remarks) progress(`${on}: ${name}: ${text.replaceAll('\n', '; ')}`);
  const configs = [
    ...ground.configs,
    ...directors.flatMap((director) => [
      ...markTexts(spec, director),
      ...directorOn(spec, director).configs(spec, director),
    ]),
    ...(await Promise.all(spec.hosts.map(textsOf))).flat(),
    ...remarks,
  ];
  return { spec, scope, configs, faults, lacks: fittings.lacks, unsettled };
}

/** @returns what the directors of a lab lacked when they should have settled; undefined where they have. */
export async function whatLacks<H extends Pick<LabHost, 'exec'>>(
  spec: LabSpec,
  host: (name: string) => H,
  holding: AwaitHolding<H>,
): Promise<string | undefined> {
  const directors = hostsOf(spec, 'director');
  const lacking = await Promise.all(
    directors.map((one) => holding(host(one.name), spec, directorOn(spec, one).holds(spec, one))),
  );
  const unheld = await vipsOfNobody(spec, host, holding);
  const unheard = spec.director.announce && (await unannounced(spec, host));
  return [...lacking, unheld, unheard].filter((text) => text !== undefined).join('; ') || undefined;
}

/** Whatever was made is disposed of when building throws, and what that throws is reported: the first error is what counts. */
export async function inScope<T>(
  build: (scope: Scope) => Promise<T>,
  progress: (text: string) => void,
): Promise<T> {
  const scope = new Scope();
  try {
    return await build(scope);
  } catch (error) {
    await scope[Symbol.asyncDispose]().catch((late) => progress(String(late)));
    throw error;
  }
}
