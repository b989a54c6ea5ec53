import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../../src/model/lab.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import { CannotHere, CommandFailed } from '../../src/util/errors.ts';
import type { Scope } from '../../src/util/scope.ts';
import { Agent } from '../agent/agent.ts';
import { AgentHost } from '../agent/host.ts';
import { bringUp, inScope } from '../base/bring-up.ts';
import type { BuildOptions } from '../base/driver.ts';
import type { HookEnd } from '../base/hooks.ts';
import { lacksCapability, missingProgram } from '../base/lacks.ts';
import { sandboxOffer } from '../base/sandbox-offer.ts';
import { awaitHoldingNear } from '../base/settle-near.ts';
import { layNear, type Own, reachOwn } from '../files/index.ts';
import { RealServers } from '../servers/index.ts';
import { NetnsLab } from './lab.ts';
import { type Plan, plan, switchName } from './plan.ts';
import { SwitchPorts } from './ports.ts';
import { NetnsWorks } from './works.ts';

/** Folder of the one lab that a sandbox holds at a time. */
const labFolder = '/run/drlab';

/**
 * In network namespaces of the sandbox that this process runs in.
 * @throws {LabUnavailable} without namespaces; {CannotHere} when the lab is to speak IPv6 and the kernel does not, a program of its
 * directors is not installed, or heartbeat is to run in virtual time.
 */
export function buildLab(spec: LabSpec, options: BuildOptions = {}): Promise<Lab> {
  const { progress = () => {} } = options;
  return inScope((scope) => build(spec, scope, progress), progress);
}

async function build(spec: LabSpec, scope: Scope, progress: (text: string) => void): Promise<Lab> {
  if (spec.hosts.some(({ ip6 }) => ip6) && !existsSync('/proc/net/if_inet6'))
    throw new CannotHere('the kernel of this sandbox has no IPv6');
  const missing = missingProgram(spec.director, sandboxOffer);
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
  await applyNetwork(agent, spec, planned);
  const own: Own[] = [];
  for (const host of spec.hosts) {
    const laid = await layNear(host, hosts.get(host.name) ?? makeHost(host.name));
    if (laid) own.push(laid);
  }
  const reach = reachOwn(own);
  const servers = new RealServers(spec, { kind: 'shared', host: sandbox });
  const works = { spec, agent, planned, folder: labFolder, makeHost, switchHost, sandbox, servers };
  const built = await bringUp({
    spec,
    scope,
    progress,
    host: (name) => hosts.get(name) ?? makeHost(name),
    configs: planned.configs,
    servers,
    runHook: (hook) => runHook(sandbox, hook, reach),
    holding: awaitHoldingNear,
    fittings: async () => ({
      links: new SwitchPorts(switchHost, planned.ports),
      lacks: (capability) => lacksCapability(capability, spec, sandboxOffer),
      works: new NetnsWorks(works),
    }),
  });
  const bridges = planned.captured;
  return new NetnsLab({ ...built, hosts, switchHost, bridges, ...(reach !== undefined && { reach }) });
}

async function applyNetwork(agent: Agent, spec: LabSpec, planned: Plan): Promise<void> {
  const refused = (host: string, what: string, failures: string) => {
    if (/Unknown device type/.test(failures)) throw new CannotHere(unknownKinds(spec));
    if (failures !== '') throw new CommandFailed(host, what, 1, failures);
  };
  const { cabling, links, sysctls, batches } = planned;
  refused(cabling.host, 'ip -batch', await agent.runBatches(labFolder, [cabling]));
  refused('the lab', 'ip -batch', await agent.runBatches(labFolder, links));
  refused('the lab', 'sysctl -w', await agent.writeSysctls([...switchSysctls(), ...sysctls]));
  refused('the lab', 'ip -batch, tc -batch', await agent.runBatches(labFolder, batches));
}

/** What of the interfaces that hosts have a kernel may lack. */
function unknownKinds({ hosts }: LabSpec): string {
  const kinds = new Set(hosts.flatMap(({ interfaces = [] }) => interfaces.map(({ kind }) => kind)));
  kinds.delete('ethernet');
  return `the kernel of this sandbox has no interfaces of one of these kinds: ${[...kinds].join(', ') || 'veth, dummy'}`;
}

/** A switch has no firewall: where br_netfilter is there, it is on in every new namespace. */
const switchSysctls = (): Plan['sysctls'] =>
  ['arptables', 'iptables', 'ip6tables']
    .map((table) => `net/bridge/bridge-nf-call-${table}`)
    .filter((path) => existsSync(join('/proc/sys', path)))
    .map((path) => ({ host: switchName, path, value: '0' }));

async function runHook(sandbox: AgentHost, hook: string, reach: string | undefined): Promise<HookEnd> {
  const script = reach === undefined ? hook : `${reach}\n${hook}`;
  const { code, stderr, stdout } = await sandbox.exec(script, {
    okCodes: Array.from({ length: 256 }, (_, i) => i),
  });
  return { where: 'the sandbox', code, said: stderr || stdout };
}
