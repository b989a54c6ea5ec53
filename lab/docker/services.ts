import type Docker from 'dockerode';
import { type HostSpec, hostsOf, type LabSpec, serversOf } from '../../src/model/spec.ts';
import { programPath } from '../../src/programs/index.ts';
import { CommandFailed, LabUnavailable, messageOf } from '../../src/util/errors.ts';
import { compiled } from '../../src/util/root.ts';
import type { Scope } from '../../src/util/scope.ts';
import { timeoutMs } from '../../src/util/timeouts.ts';
import { until } from '../../src/util/until.ts';
import type { Services } from '../faults/index.ts';
import { RealServers } from '../servers/index.ts';
import { guestContainer } from './container.ts';
import type { ContainerHost } from './host.ts';
import { obtain } from './image.ts';
import type { Site } from './site.ts';

/** What the real servers serve: drlab's own program, or a container of the user's image beside the host's. */
export class ContainerServices implements Services {
  readonly #own: RealServers;
  readonly #guests = new Map<string, Docker.Container>();

  constructor(
    private readonly spec: LabSpec,
    private readonly scope: Scope,
    private readonly host: (name: string) => ContainerHost,
    private readonly siteOf: (name: string) => Site,
  ) {
    const ownHosts = spec.hosts.filter((one) => imageOf(one) === undefined);
    this.#own = new RealServers(
      { ...spec, hosts: ownHosts },
      {
        kind: 'each',
        host,
        launcher: programPath('launcher'),
        program: compiled('lab/servers/server.js'),
      },
    );
  }

  /** Resolves when all answer. @throws {LabUnavailable} for an image that is unavailable or does not serve. */
  async start(): Promise<void> {
    const guests = hostsOf(this.spec, 'realServer').filter((host) => imageOf(host) !== undefined);
    await Promise.all([this.#own.start(), ...guests.map((host) => this.#startGuest(host))]);
  }

  async kill(name: string): Promise<void> {
    const guest = this.#guests.get(name);
    if (guest) await guest.kill();
    else await this.#own.kill(name);
  }

  async restart(name: string): Promise<void> {
    const guest = this.#guests.get(name);
    if (guest) await guest.start();
    else await this.#own.restart(name);
  }

  async #startGuest(host: HostSpec): Promise<void> {
    const image = imageOf(host) ?? '';
    const { docker, surroundings } = this.siteOf(host.name);
    await obtain(docker, image);
    const guest = await docker.createContainer(guestContainer(host, image, surroundings));
    this.scope.defer(() => guest.remove({ force: true, v: true }));
    await guest.start().catch((error) => {
      throw new LabUnavailable(`the image ${image} does not start on ${host.name}: ${messageOf(error)}`, {
        cause: error,
      });
    });
    this.#guests.set(host.name, guest);
    await this.#listening(host.name, image, guest);
  }

  /** State 0A is LISTEN, in either family: many servers listen on `::` for both. */
  async #listening(name: string, image: string, guest: Docker.Container): Promise<void> {
    const wanted = this.spec.services
      .filter((s) => s.protocol === 'tcp' && serversOf(s).includes(name))
      .map(({ port }) => port);
    let seen: number[] = [];
    await until(
      `${image} on ${name} to listen on port ${wanted.join(', ')}`,
      async () => {
        const { State } = await guest.inspect();
        if (!State.Running) {
          const log = await guest.logs({ stdout: true, stderr: true, tail: 5 });
          throw new CommandFailed(name, `the image ${image}`, State.ExitCode, printable(log));
        }
        const { stdout } = await this.host(name).exec('cat /proc/net/tcp /proc/net/tcp6 2>/dev/null; true');
        seen = [...stdout.matchAll(/:([0-9A-F]{4}) [0-9A-F]+:0000 0A /g)].map((m) =>
          Number.parseInt(m[1] ?? '', 16),
        );
        return wanted.every((port) => seen.includes(port)) || undefined;
      },
      {
        withinMs: timeoutMs.ready,
        everyMs: 50,
        lastSeen: () => `it listens on ${seen.join(', ') || 'none'}`,
      },
    );
  }
}

const imageOf = (host: HostSpec): string | undefined => host.container?.image;

/** Logs come with a binary header before each piece. */
const printable = (log: Buffer): string => log.toString().replace(/[^\n\t -~]+/g, '');
