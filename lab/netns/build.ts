import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasDaemon } from '../../src/model/director-kinds.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { CannotHere, CommandFailed } from '../../src/util/errors.ts';
import { Scope } from '../../src/util/scope.ts';
import { Agent } from '../agent/agent.ts';
import { AgentHost } from '../agent/host.ts';
import type { AgentProcess } from '../agent/process.ts';
import { lacksCapability, missingProgram } from '../base/lacks.ts';
import { awaitHoldingNear } from '../base/settle-near.ts';
import { thisPlace } from '../base/this-place.ts';
import { directorOf } from '../directors/index.ts';
import { LabFaults } from '../faults/index.ts';
import { RealServers } from '../servers/index.ts';
import { NetnsLab } from './lab.ts';
import { type Plan, plan, switchName } from './plan.ts';
import { SwitchPorts } from './ports.ts';
import { NetnsWorks } from './works.ts';

export interface BuildOptions {
  progress?: (text: string) => void;
}

/** Folder of the one lab that a sandbox holds at a time. */
const labFolder = '/run/drlab';

/**
 * Builds the lab in network namespaces of the sandbox that this process runs in, applies its configuration, and
 * waits until it has settled. A configuration that was applied and does not settle is what checks are there to
 * find, so that is noted in `unsettled`, not thrown.
 * @throws {LabUnavailable} without namespaces; {CannotHere} when the lab is to speak IPv6 and the kernel does not, a program of its
 * directors is not installed, or heartbeat is to run in virtual time;
 * {CommandFailed} when a configuration or a hook is refused.
 */
export async function buildLab(spec: LabSpec, options: BuildOptions = {}): Promise<Lab> {
  const scope = new Scope();
  try {
    return await build(spec, scope, options.progress ?? (() => {}));
  } catch (error) {
    await scope[Symbol.asyncDispose]().catch(() => {});
    throw error;
  }
}

async function build(spec: LabSpec, scope: Scope, progress: (text: string) => void): Promise<Lab> {
  if (spec.hosts.some(({ ip6 }) => ip6) && !existsSync('/proc/net/if_inet6'))
    throw new CannotHere('the kernel of this sandbox has no IPv6');
  const missing = missingProgram(spec.director.kind, thisPlace);
  if (missing) throw new CannotHere(missing);
  const planned = plan(spec);
  scope.defer(() => rm(labFolder, { recursive: true, force: true }));
  const agent = new Agent();
  scope.defer(() => agent.down());
  const makeHost = (name: string, namespace = name) =>
    new AgentHost(name, agent, join(labFolder, name), namespace);
  const hosts = new Map(spec.hosts.map(({ name }) => [name, makeHost(name)]));
  const [switchHost, sandbox] = [makeHost(switchName), makeHost('sandbox', '')];
  await mkdir('/run/netns', { recursive: true });
  await Promise.all(
    [...hosts.values(), switchHost, sandbox].map(({ folder }) => mkdir(folder, { recursive: true })),
  );

  progress(`building ${spec.hosts.length} hosts`);
  await agent.makeNamespaces(planned.namespaces);
  await applyNetwork(agent, planned);
  const servers = new RealServers(spec, { kind: 'shared', host: sandbox });
  const serving = servers.start();
  serving.catch(() => {});

  progress('configuring directors');
  const daemons = new Map<string, AgentProcess>();
  const directors = hostsOf(spec, 'director').map((director) => ({
    director,
    host: makeHost(director.name),
  }));
  const kind = directorOf(spec);
  if (hasDaemon(spec.director.kind)) await serving;
  for (const { director, host } of directors) {
    const daemon = await kind.apply(spec, director, host);
    if (daemon) daemons.set(director.name, daemon);
  }
  for (const hook of spec.hooks.afterApply) await runHook(sandbox, 'afterApply', hook);
  scope.defer(async () => {
    for (const hook of spec.hooks.beforeTeardown) await runHook(sandbox, 'beforeTeardown', hook);
  });

  progress('waiting for the lab to settle');
  await serving;
  const lacking = await Promise.all(
    directors.map(({ director, host }) => awaitHoldingNear(host, spec, kind.holds(spec, director))),
  );
  const unsettled = lacking.filter((text) => text !== undefined).join('; ') || undefined;
  if (unsettled) progress(`the lab did not settle: ${unsettled}`);

  const host = (name: string) => hosts.get(name) ?? makeHost(name);
  const works = { spec, agent, planned, folder: labFolder, makeHost, switchHost, sandbox, servers };
  const faults = new LabFaults({
    spec,
    scope,
    host,
    links: new SwitchPorts(switchHost, planned.ports),
    servers,
    daemons,
    lacks: (capability) => lacksCapability(capability, spec, thisPlace),
    works: new NetnsWorks(works),
  });
  const configs = [...planned.configs, ...directors.flatMap(({ director }) => kind.configs(spec, director))];
  return new NetnsLab({ spec, scope, configs, hosts, switchHost, faults, unsettled });
}

async function applyNetwork(agent: Agent, planned: Plan): Promise<void> {
  const refused = (host: string, what: string, failures: string) => {
    if (failures !== '') throw new CommandFailed(host, what, 1, failures);
  };
  const { cabling, sysctls, batches } = planned;
  refused(cabling.host, 'ip -batch', await agent.runBatches(labFolder, [cabling]));
  refused('the lab', 'sysctl -w', await agent.writeSysctls([...switchSysctls(), ...sysctls]));
  refused('the lab', 'ip -batch, tc -batch', await agent.runBatches(labFolder, batches));
}

/** A switch has no firewall: where br_netfilter is there, it is on in every new namespace. */
const switchSysctls = (): Plan['sysctls'] =>
  ['arptables', 'iptables', 'ip6tables']
    .map((table) => `net/bridge/bridge-nf-call-${table}`)
    .filter((path) => existsSync(join('/proc/sys', path)))
    .map((path) => ({ host: switchName, path, value: '0' }));

async function runHook(sandbox: AgentHost, name: string, hook: string): Promise<void> {
  const { code, stderr, stdout } = await sandbox.exec(hook, {
    okCodes: Array.from({ length: 256 }, (_, i) => i),
  });
  if (code !== 0) throw new CommandFailed('the sandbox', `hook ${name}: ${hook}`, code, stderr || stdout);
}
