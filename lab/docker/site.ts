import type Docker from 'dockerode';
import { type DockerSpec, type HostSpec, hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { LabUnavailable, messageOf } from '../../src/util/errors.ts';
import { formatIpv4, parseIpv4 } from '../../src/util/ipv4.ts';
import type { Scope } from '../../src/util/scope.ts';
import { agentCommand, startContainer } from './attach.ts';
import { aliasOf, cableName } from './cable.ts';
import { agentContainer, gatewayOf, hostContainer, type Surroundings } from './container.ts';
import { ContainerHost } from './host.ts';
import { labImage } from './image.ts';
import { labelsOf, type Owner } from './labels.ts';

export interface SiteOptions {
  docker: Docker;
  endpoint: string;
  /** The Docker runs on this machine, so that its files and processes are ours to see. */
  here: boolean;
  spec: LabSpec & { driver: DockerSpec };
  owner: Owner;
  scope: Scope;
}

/** One Docker host with its part of the lab: an image, networks, and a container that sees the host's interfaces. */
export class Site {
  readonly docker: Docker;
  readonly endpoint: string;
  readonly here: boolean;
  readonly #spec: SiteOptions['spec'];
  readonly #scope: Scope;
  readonly #owner: Owner;
  readonly #networks = new Map<HostSpec['segment'], string>();

  private constructor(
    options: SiteOptions,
    private readonly around: Surroundings,
    readonly wire: ContainerHost,
  ) {
    this.docker = options.docker;
    this.endpoint = options.endpoint;
    this.here = options.here;
    this.#spec = options.spec;
    this.#scope = options.scope;
    this.#owner = options.owner;
  }

  static async open(options: SiteOptions): Promise<Site> {
    const { docker, spec, owner, scope, here } = options;
    const labels = labelsOf(spec.name, owner);
    const [{ ApiVersion: apiVersion }, info] = await Promise.all([docker.version(), docker.info()]);
    const image = await labImage(docker, spec.driver, here, labels);
    if (image.imported) scope.defer(() => docker.getImage(image.name).remove({ force: true }));
    const security: string[] = info.SecurityOptions ?? [];
    const around: Surroundings = {
      prefix: `drlab-${owner.run}`,
      labels,
      image,
      apiVersion,
      appArmor: security.some((option) => option.includes('apparmor')),
      command: agentCommand(),
    };
    const wireCommand = ['sh', '-c', wireScript, 'sh', `${cableName(owner.run)}*`, ...around.command];
    const wireContainer = agentContainer('wire', 'host', { ...around, command: wireCommand });
    const wire = await start(options, 'wire', wireContainer);
    return new Site(options, around, wire);
  }

  /** The networks of the segments that hosts of this site are on. */
  async makeNetworks(): Promise<void> {
    const { network, driver, hosts } = this.#spec;
    await this.#makeNetwork('lan', network, driver.parent);
    const router = hosts.find(({ outside }) => outside);
    if (!router?.outside) return;
    const { ip, prefixLength } = router.outside;
    const base = formatIpv4((parseIpv4(ip) ?? 0) & (-1 << (32 - prefixLength)));
    await this.#makeNetwork('outside', { ...network, base, prefixLength });
  }

  async #makeNetwork(
    segment: HostSpec['segment'],
    network: LabSpec['network'],
    given?: string,
  ): Promise<void> {
    const { driver } = this.#spec;
    const { prefix, labels } = this.around;
    const name = `${prefix}-${segment}`;
    const gateway = gatewayOf(this.#spec, network);
    const parent =
      driver.network === 'macvlan' ? (given ?? (await this.#makeCable(segment, network.mtu))) : undefined;
    const options: Record<string, string> = parent
      ? { parent, macvlan_mode: 'bridge' }
      : {
          'com.docker.network.bridge.enable_ip_masquerade': 'false',
          'com.docker.network.driver.mtu': String(network.mtu),
        };
    const made = await this.docker
      .createNetwork({
        Name: name,
        Driver: driver.network,
        Options: options,
        IPAM: {
          Driver: 'default',
          Config: [{ Subnet: `${network.base}/${network.prefixLength}`, Gateway: gateway }],
        },
        Labels: labels,
      })
      .catch((error) => {
        throw new LabUnavailable(
          `Docker did not make the ${driver.network} network ${name}: ${messageOf(error)}`,
          {
            hint: 'does another network of that Docker have the same subnet or parent? docker network ls',
            cause: error,
          },
        );
      });
    this.#scope.defer(() => made.remove());
    this.#networks.set(segment, name);
  }

  /** A veth pair among the Docker host's interfaces: one end carries macvlan, the other only gives it a carrier. */
  async #makeCable(segment: string, mtu: number): Promise<string> {
    const [near, far] = ['a', 'b'].map((end) => cableName(this.#owner.run) + segment.slice(0, 1) + end);
    const remove = `ip link del ${near} 2>/dev/null || true`;
    this.#scope.defer(() => this.wire.exec(remove));
    await this.wire.exec(
      [
        `ip link add ${near} mtu ${mtu} type veth peer name ${far} mtu ${mtu}`,
        ...[near, far].map((end) => `ip link set ${end} alias ${aliasOf(this.#owner)} addrgenmode none up`),
      ].join(' && '),
    );
    return near ?? '';
  }

  /** Starts the host's container on its network, and on the outside one as well where it is the router. */
  async startHost(host: HostSpec): Promise<ContainerHost> {
    const network = this.#networks.get(host.segment) ?? '';
    const started = await start(
      { docker: this.docker, scope: this.#scope, here: this.here },
      host.name,
      hostContainer(host, network, this.around),
    );
    const outside = this.#networks.get('outside');
    if (host.outside && outside) {
      await this.docker.getNetwork(outside).connect({
        Container: started.container,
        EndpointConfig: { IPAMConfig: { IPv4Address: host.outside.ip } },
      });
    }
    return started;
  }

  get surroundings(): Surroundings {
    return this.around;
  }
}

/** When the agent ends, however that came, it takes the cables along: nothing else would. */
const wireScript = `cables=$1; shift; "$@"; for path in /sys/class/net/$cables; do [ ! -e "$path" ] || ip link del "\${path##*/}"; done`;

async function start(
  { docker, scope, here }: Pick<SiteOptions, 'docker' | 'scope' | 'here'>,
  name: string,
  options: Parameters<typeof startContainer>[1],
): Promise<ContainerHost> {
  const { agent, removed } = await startContainer(docker, options);
  scope.defer(async () => {
    await agent.down();
    await removed;
  });
  return new ContainerHost(name, agent, options.name ?? '', here);
}

/** Hosts by the Docker host they live on; the empty name is the driver's own endpoint. */
export const siteNames = (spec: LabSpec): string[] => [
  ...new Set(['', ...spec.hosts.flatMap((host) => host.container?.on ?? [])]),
];

/** Routed clients and the router share a veth pair inside one Docker host. */
export function checkSites(spec: LabSpec): void {
  const routed = [...hostsOf(spec, 'router'), ...spec.hosts.filter(({ segment }) => segment === 'outside')];
  const sites = new Set(routed.map((host) => host.container?.on ?? ''));
  if (sites.size > 1) {
    throw new LabUnavailable('the router and the clients behind it must be on one Docker host.', {
      hint: 'give each routed client the same «on», or none',
    });
  }
}
