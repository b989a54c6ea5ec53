import type { Capability } from '../../src/model/capabilities.ts';
import { hasDaemon } from '../../src/model/director-kinds.ts';
import { type DockerSpec, hostSpec, hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { CommandFailed } from '../../src/util/errors.ts';
import { Scope } from '../../src/util/scope.ts';
import type { AgentProcess } from '../agent/process.ts';
import { awaitHolding } from '../base/settle.ts';
import { directorOf } from '../directors/index.ts';
import { LabFaults } from '../faults/index.ts';
import { connect } from './client.ts';
import { hostFolder } from './container.ts';
import { reach, runHook } from './hooks.ts';
import type { ContainerHost } from './host.ts';
import { DockerLab } from './lab.ts';
import { thisOwner } from './labels.ts';
import { lacksCapability } from './lacks.ts';
import { BridgeLinks, MacvlanLinks } from './links.ts';
import { nameNamespaces } from './named.ts';
import { ownDocker } from './own.ts';
import { placeOf } from './place.ts';
import { planHost } from './plan.ts';
import { ContainerServices } from './services.ts';
import { checkSites, Site, siteNames } from './site.ts';
import { checkWire } from './wire.ts';

export interface BuildOptions {
  progress?: (text: string) => void;
}

type DockerLabSpec = LabSpec & { driver: DockerSpec };

/**
 * Builds the lab of containers, applies its configuration, and waits until it has settled. A configuration that
 * does not settle is what checks are there to find, so that is noted in `unsettled`, not thrown.
 * @throws {LabUnavailable} without a Docker, image, network or free addresses; {CommandFailed} when a configuration
 * or a hook is refused. Nothing half-built is left.
 */
export async function buildDockerLab(spec: LabSpec, options: BuildOptions = {}): Promise<DockerLab> {
  if (spec.driver.kind !== 'docker') throw new Error(`lab «${spec.name}» is not one of containers`);
  const scope = new Scope();
  try {
    return await build({ ...spec, driver: spec.driver }, scope, options.progress ?? (() => {}));
  } catch (error) {
    await scope[Symbol.asyncDispose]().catch(() => {});
    throw error;
  }
}

async function build(
  spec: DockerLabSpec,
  scope: Scope,
  progress: (text: string) => void,
): Promise<DockerLab> {
  checkSites(spec);
  const sites = await openSites(spec, scope, progress);
  const siteOf = (name: string): Site => {
    const site = sites.get(hostSpec(spec, name).container?.on ?? '');
    if (!site) throw new Error(`no Docker host for ${name}`);
    return site;
  };
  await checkWire(spec, [...sites.values()]);
  for (const site of sites.values()) await site.makeNetworks();

  progress(`starting ${spec.hosts.length} containers`);
  const hosts = new Map<string, ContainerHost>();
  const started = await Promise.allSettled(
    spec.hosts.map(async (host) => hosts.set(host.name, await siteOf(host.name).startHost(host))),
  );
  for (const one of started) if (one.status === 'rejected') throw one.reason;
  const host = (name: string): ContainerHost => {
    const found = hosts.get(name);
    if (!found) throw new Error(`no host «${name}» in lab «${spec.name}»`);
    return found;
  };
  if (spec.driver.endpoint === 'own') await nameNamespaces(siteOf, [...hosts.values()], scope);
  const plans = spec.hosts.map((one) => ({ name: one.name, plan: planHost(spec, one) }));
  await Promise.all(plans.map(({ name, plan }) => apply(host(name), plan)));
  const services = new ContainerServices(spec, scope, host, siteOf);
  const serving = services.start();
  serving.catch(() => {});

  progress('configuring directors');
  const kind = directorOf(spec);
  if (hasDaemon(spec.director.kind)) await serving;
  const daemons = new Map<string, AgentProcess>();
  for (const director of hostsOf(spec, 'director')) {
    const daemon = await kind.apply(spec, director, host(director.name));
    if (daemon) daemons.set(director.name, daemon);
  }
  // In a Docker of our own they have names.
  const nameless = spec.driver.endpoint === 'own' ? [] : [...hosts.values()];
  const hookHosts = nameless.map((one) => ({ host: one, endpoint: siteOf(one.name).endpoint }));
  for (const hook of spec.hooks.afterApply) await runHook('afterApply', hook, hookHosts);
  scope.defer(async () => {
    for (const hook of spec.hooks.beforeTeardown) await runHook('beforeTeardown', hook, hookHosts);
  });

  progress('waiting for the lab to settle');
  await serving;
  const lacking = await Promise.all(
    hostsOf(spec, 'director').map((one) => awaitHolding(host(one.name), spec, kind.holds(spec, one))),
  );
  const unsettled = lacking.filter((text) => text !== undefined).join('; ') || undefined;
  if (unsettled) progress(`the lab did not settle: ${unsettled}`);

  const links =
    spec.driver.network === 'macvlan'
      ? new MacvlanLinks(host)
      : new BridgeLinks(host, (name) => siteOf(name).wire);
  const [some] = hosts.values();
  if (!some) throw new Error(`lab «${spec.name}» has no hosts`);
  const place = await placeOf(some);
  const lacks = (capability: Capability) => lacksCapability(capability, spec, place);
  const faults = new LabFaults({ spec, scope, host, links, servers: services, daemons, lacks });
  const configs = [
    ...plans.flatMap(({ plan }) => plan.configs),
    ...hostsOf(spec, 'director').flatMap((director) => kind.configs(spec, director)),
  ];
  return new DockerLab({
    spec,
    scope,
    configs,
    hosts,
    reach: reach(hookHosts),
    faults,
    place,
    unsettled,
  });
}

async function openSites(
  spec: DockerLabSpec,
  scope: Scope,
  progress: (text: string) => void,
): Promise<Map<string, Site>> {
  const owner = thisOwner();
  const sites = new Map<string, Site>();
  for (const name of siteNames(spec)) {
    const wanted = name === '' ? spec.driver.endpoint : (spec.driver.hosts[name] ?? '');
    progress(wanted === 'own' ? 'starting a Docker of our own' : `connecting to the Docker at ${wanted}`);
    const endpoint = wanted === 'own' ? await useOwn(scope) : wanted;
    const here = endpoint.startsWith('unix://');
    const docker = await connect(endpoint);
    sites.set(name, await Site.open({ docker, endpoint, here, spec, owner, scope }));
  }
  return sites;
}

/** Tidied up last, when the containers are gone. */
async function useOwn(scope: Scope): Promise<string> {
  const { endpoint, tidy } = await ownDocker();
  scope.defer(tidy);
  return endpoint;
}

async function apply(host: ContainerHost, plan: ReturnType<typeof planHost>): Promise<void> {
  const refused = (what: string, failures: string) => {
    if (failures !== '') throw new CommandFailed(host.name, what, 1, failures);
  };
  refused('sysctl -w', await host.agent.writeSysctls(plan.sysctls));
  refused('ip -batch, tc -batch', await host.agent.runBatches(hostFolder, plan.batches));
}
