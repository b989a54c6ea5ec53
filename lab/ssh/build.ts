import { randomBytes } from 'node:crypto';
import type { Capability } from '../../src/model/capabilities.ts';
import { hasIpvs, kindsThat } from '../../src/model/director-kinds.ts';
import type { Host } from '../../src/model/host.ts';
import type { ConfigText, Lab } from '../../src/model/lab.ts';
import type { HostSpec, LabSpec, SshSpec } from '../../src/model/spec.ts';
import { programPath } from '../../src/programs/index.ts';
import { LabUnavailable } from '../../src/util/errors.ts';
import { compiled } from '../../src/util/root.ts';
import type { Scope } from '../../src/util/scope.ts';
import { bringUp, inScope, whatLacks } from '../base/bring-up.ts';
import type { BuildOptions, LabOf } from '../base/driver.ts';
import { awaitHolding } from '../base/settle.ts';
import { noFaults } from '../faults/index.ts';
import { RealServers } from '../servers/index.ts';
import { directorUndo } from './director-undo.ts';
import { expectFree } from './free.ts';
import { SshHost } from './host.ts';
import { type Inspection, inspect } from './inspect.ts';
import { SshLab } from './lab.ts';
import { lacksOnMachines } from './lacks.ts';
import { Ledger, stateFolder } from './ledger.ts';
import { markOf } from './ledger-text.ts';
import { LedgerLinks } from './link-cut.ts';
import { Machine } from './machine.ts';
import { hostAsItIs, prepare } from './prepare.ts';
import { machineProblem, specProblem } from './problems.ts';
import { ReadOnlyHost } from './read-only.ts';

export interface SshOptions extends BuildOptions {
  /** Where the local copies of the undo ledgers lie. */
  stateDir?: string;
}

type Machines = Map<string, Machine>;

/**
 * Makes a lab of machines that exist: looks at all of them first, and changes none unless all can play their parts.
 * Each change is undone when the lab is disposed of, also when it did not come up.
 * @throws {LabUnavailable} one paragraph: what is in the way, on which machine, and what fixes it.
 */
export async function buildSshLab(spec: LabOf<SshSpec>, options: SshOptions = {}): Promise<Lab> {
  const problem = specProblem(spec);
  if (problem) throw problem;
  return inScope((scope) => build(spec, scope, options), options.progress ?? (() => {}));
}

async function build(wanted: LabOf<SshSpec>, scope: Scope, options: SshOptions): Promise<Lab> {
  const { progress = () => {}, stateDir = stateFolder() } = options;
  const { readOnly, knownHosts } = wanted.driver;
  const id = `${wanted.name.replaceAll(/[^\w-]/g, '_')}-${Date.now().toString(36)}${randomBytes(2).toString('hex')}`;

  progress(`logging in to ${wanted.hosts.length} machines`);
  const machines: Machines = new Map();
  await allOf(wanted.hosts, async (host) => {
    const { name } = host;
    const machine = await Machine.open(machineOf(host), {
      name,
      knownHosts,
      mark: markOf({ id, host: name }),
    });
    scope.use(machine);
    machines.set(name, machine);
  });
  const found = new Map<string, Inspection>();
  await allOf(wanted.hosts, async ({ name }) => {
    found.set(name, await inspect(get(machines, name), wanted));
  });
  for (const host of wanted.hosts) {
    const problem = machineProblem(wanted, host, get(found, host.name));
    if (problem) throw problem;
  }
  const spec: LabSpec = {
    ...wanted,
    hosts: wanted.hosts.map((host) => hostAsItIs(host, get(found, host.name))),
  };
  const shared = { spec, scope, machines, found, progress };
  if (readOnly) return look(shared);
  return apply({ ...shared, id, stateDir, knownHosts });
}

interface Shared {
  spec: LabSpec;
  scope: Scope;
  machines: Machines;
  found: Map<string, Inspection>;
  progress: (text: string) => void;
}

async function look({ spec, scope, machines, found, progress }: Shared): Promise<Lab> {
  progress('read-only: nothing is changed');
  const hosts = new Map<string, Host>(
    [...machines].map(([name, machine]) => [name, new ReadOnlyHost(machine)]),
  );
  const machine = (name: string): Machine => get(machines, name);
  const unsettled = await whatLacks(spec, machine, (one, of, holding) =>
    awaitHolding(one, of, { ...holding, withinMs: Math.min(holding.withinMs, longestLookMs) }),
  );
  const lacks = (capability: Capability) => lacksOnMachines(capability, spec, found);
  const parts = { spec, scope, configs: [], machines, hosts, found };
  return new SshLab({ ...parts, faults: noFaults, lacks, unsettled });
}

/** Nothing that was set long ago needs longer. */
const longestLookMs = 1_000;

interface Changing extends Shared {
  id: string;
  stateDir: string;
  knownHosts: string;
}

async function apply(of: Changing): Promise<Lab> {
  const { spec, scope, machines, found, progress } = of;
  const requester = spec.hosts.find(({ segment }) => segment === 'lan');
  if (requester) await expectFree(spec, requester, get(machines, requester.name));

  progress('preparing machines');
  const ledgers = new Map<string, Ledger>();
  const hosts = new Map<string, SshHost>();
  await allOf(spec.hosts, async (host) => {
    const machine = get(machines, host.name);
    const { bootId } = get(found, host.name);
    const back = { host: host.name, machine: machineOf(host), knownHosts: of.knownHosts };
    const ledger = await Ledger.open(
      machine,
      { id: of.id, host: host.name, bootId },
      back,
      of.stateDir,
      (made) => scope.defer(() => made.undo()),
    );
    ledgers.set(host.name, ledger);
    hosts.set(host.name, new SshHost(machine, ledger.folder));
    if (host.role === 'director') await loadIpvs(of, host, ledger);
    const { undo, script } = prepare(spec, host, get(found, host.name));
    if (script !== '') await ledger.change(undo, script);
  });
  const host = (name: string): SshHost => get(hosts, name);
  const servers = new RealServers(spec, {
    kind: 'each',
    host,
    launcher: programPath('launcher'),
    program: compiled('lab/servers/server.js'),
  });
  const built = await bringUp({
    spec,
    scope,
    progress,
    host,
    configs: sysctlTexts(spec),
    servers,
    beforeDirector: (director) =>
      get(ledgers, director.name)
        .change(directorUndo(spec, director), ':')
        .then(() => {}),
    holding: awaitHolding,
    fittings: async () => ({
      links: new LedgerLinks(spec, host, (name) => get(ledgers, name)),
      lacks: (capability) => lacksOnMachines(capability, spec, found),
    }),
  });
  return new SshLab({ ...built, machines, hosts, found });
}

/** Loads IPVS where it is not, and looks again, since its sysctls appear with it. */
async function loadIpvs({ spec, machines, found }: Changing, host: HostSpec, ledger: Ledger): Promise<void> {
  if (!hasIpvs(spec.director.kind) || get(found, host.name).ipvs !== undefined) return;
  const machine = get(machines, host.name);
  await ledger.change([{ command: 'modules_gone' }], 'modprobe ip_vs >&2 || :');
  const again = await inspect(machine, spec);
  found.set(host.name, again);
  if (again.ipvs !== undefined) return;
  const without = kindsThat(({ dataPlane }) => dataPlane !== 'ipvs');
  throw new LabUnavailable(`the kernel of ${host.name} has no IPVS (modprobe ip_vs fails)`, {
    hint: `install a kernel that has it (linux-image-amd64), or use directors: { with: ${without[0]} }`,
  });
}

const sysctlTexts = (spec: LabSpec): ConfigText[] =>
  spec.hosts.map(({ name, sysctls }) => ({
    host: name,
    name: 'sysctls',
    text: Object.entries(sysctls)
      .map(([key, value]) => `${key} = ${value}\n`)
      .join(''),
  }));

/** Waits for all before the first failure is thrown, so that nothing is still being done when it is undone. */
async function allOf<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(items.map(work));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

function machineOf(host: HostSpec) {
  if (!host.machine) throw new Error(`${host.name} has no machine`);
  return host.machine;
}

function get<T>(map: Map<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`no host «${name}»`);
  return value;
}
