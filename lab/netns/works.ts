import { mkdir } from 'node:fs/promises';
import type { HostSpec, LabSpec } from '../../src/model/spec.ts';
import { CommandFailed } from '../../src/util/errors.ts';
import type { Agent } from '../agent/agent.ts';
import type { AgentHost } from '../agent/host.ts';
import type { Works } from '../faults/index.ts';
import type { RealServers } from '../servers/index.ts';
import { type Batch, linesAbout, type Plan, switchName } from './plan.ts';

export interface WorksParts {
  spec: LabSpec;
  agent: Agent;
  planned: Plan;
  /** Where texts for `ip` and `tc` are put. */
  folder: string;
  makeHost(name: string): AgentHost;
  switchHost: AgentHost;
  sandbox: AgentHost;
  servers: RealServers;
}

/** What can be done with hosts that are namespaces, and cables that are pairs of veth. */
export class NetnsWorks implements Works {
  constructor(private readonly parts: WorksParts) {}

  get switchHost(): AgentHost {
    return this.parts.switchHost;
  }

  get sandbox(): AgentHost {
    return this.parts.sandbox;
  }

  get lanBridge(): string {
    return this.parts.planned.lan;
  }

  portsOf(host: string): string[] {
    const ports = this.parts.planned.ports.get(host);
    if (!ports) throw new Error(`no host «${host}» on the switch`);
    return ports;
  }

  behave: Works['behave'] = (name, misconduct) => this.parts.servers.behave(name, misconduct);

  async renew(name: string): Promise<void> {
    const { agent, planned } = this.parts;
    await this.#removeCables(this.portsOf(name));
    await this.sandbox.exec(`exec ip netns del ${name}`);
    await agent.makeNamespaces([name]);
    await this.#batches([{ ...planned.cabling, text: planned.cablingOf.get(name) ?? '' }]);
    await this.#batches(planned.links.filter(({ host }) => host === name));
    const refused = await agent.writeSysctls(planned.sysctls.filter(({ host }) => host === name));
    if (refused !== '') throw new CommandFailed(name, 'sysctl -w', 1, refused);
    const its = planned.batches.filter(({ host }) => host === name);
    const ofSwitch = planned.batches.filter(({ host }) => host === switchName);
    const taps = planned.taps.get(name) ?? [];
    await this.#batches([...its, ...ofSwitch.map((batch) => linesAbout(batch, taps))]);
  }

  async connect(host: HostSpec): Promise<AgentHost> {
    const { agent, makeHost, planned, spec } = this.parts;
    const { mtu } = spec.network;
    const added = makeHost(host.name);
    await mkdir(added.folder, { recursive: true });
    await agent.makeNamespaces([host.name]);
    const cable = `link add ${roguePort} mtu ${mtu} master ${planned.lan} up type veth peer name eth0 netns ${host.name} mtu ${mtu} address ${host.mac}\n`;
    const addressing = `link set lo up\naddr add ${host.ip}/${host.prefixLength} brd + dev eth0\nlink set eth0 up\n`;
    await this.#batches([{ host: switchName, program: 'ip', text: cable }]);
    await this.#batches([{ host: host.name, program: 'ip', text: addressing }]);
    return added;
  }

  async disconnect(name: string): Promise<void> {
    await this.#removeCables([roguePort]);
    await this.sandbox.exec(`exec ip netns del ${name}`);
  }

  #removeCables(ports: string[]): Promise<unknown> {
    return this.switchHost.exec(ports.map((port) => `ip link del ${port}`).join('; '));
  }

  async #batches(batches: Batch[]): Promise<void> {
    const failures = await this.parts.agent.runBatches(this.parts.folder, batches);
    if (failures !== '') throw new CommandFailed('the lab', 'ip -batch, tc -batch', 1, failures);
  }
}

const roguePort = 'rogue';
