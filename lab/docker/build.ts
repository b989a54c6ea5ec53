import { type DockerSpec, hostSpec } from '../../src/model/spec.ts';
import { CommandFailed } from '../../src/util/errors.ts';
import type { Scope } from '../../src/util/scope.ts';
import { bringUp, inScope } from '../base/bring-up.ts';
import type { BuildOptions, LabOf } from '../base/driver.ts';
import { awaitHolding } from '../base/settle.ts';
import type { Links } from '../faults/index.ts';
import { putFiles } from '../files/index.ts';
import { isBound } from './brought-folders.ts';
import { connect } from './client.ts';
import { reach, runHook } from './hooks.ts';
import type { ContainerHost } from './host.ts';
import { hostFolder } from './image.ts';
import { DockerLab } from './lab.ts';
import { thisOwner } from './labels.ts';
import { lacksCapability } from './lacks.ts';
import { BridgeLinks, MacvlanLinks } from './links.ts';
import { nameNamespaces } from './named.ts';
import { offerOf } from './offer.ts';
import { ownDocker } from './own.ts';
import { planHost } from './plan.ts';
import { ContainerServices } from './services.ts';
import { checkSites, Site, siteNames } from './site.ts';
import { checkWire } from './wire.ts';

/** @throws {LabUnavailable} without a Docker, image, network or free addresses. */
export function buildDockerLab(spec: LabOf<DockerSpec>, options: BuildOptions = {}): Promise<DockerLab> {
  const { progress = () => {} } = options;
  return inScope((scope) => build(spec, scope, progress), progress);
}

async function build(
  spec: LabOf<DockerSpec>,
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
  await Promise.all(
    spec.hosts.map((one) => {
      const { imported } = siteOf(one.name).surroundings.image;
      return putFiles(one, host(one.name), (path) => imported && isBound(one, path));
    }),
  );
  const services = new ContainerServices(spec, scope, host, siteOf);
  // In a Docker of our own they have names.
  const nameless = spec.driver.endpoint === 'own' ? [] : [...hosts.values()];
  const hookHosts = nameless.map((one) => ({ host: one, endpoint: siteOf(one.name).endpoint }));
  const [some] = hosts.values();
  if (!some) throw new Error(`lab «${spec.name}» has no hosts`);
  const built = await bringUp({
    spec,
    scope,
    progress,
    host,
    configs: plans.flatMap(({ plan }) => plan.configs),
    servers: services,
    runHook: (hook) => runHook(hook, hookHosts),
    holding: awaitHolding,
    fittings: async () => {
      const place = await offerOf(some);
      return { links: linksOf(spec, host, siteOf), lacks: (one) => lacksCapability(one, spec, place) };
    },
  });
  return new DockerLab({ ...built, hosts, reach: reach(hookHosts) });
}

const linksOf = (
  { driver }: LabOf<DockerSpec>,
  host: (name: string) => ContainerHost,
  siteOf: (name: string) => Site,
): Links =>
  driver.network === 'macvlan' ? new MacvlanLinks(host) : new BridgeLinks(host, (name) => siteOf(name).wire);

async function openSites(
  spec: LabOf<DockerSpec>,
  scope: Scope,
  progress: (text: string) => void,
): Promise<Map<string, Site>> {
  const owner = thisOwner();
  const sites = new Map<string, Site>();
  for (const name of siteNames(spec)) {
    const wanted = name === '' ? spec.driver.endpoint : (spec.driver.hosts[name] ?? '');
    progress(wanted === 'own' ? 'starting our own Docker daemon' : `connecting to the Docker at ${wanted}`);
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
