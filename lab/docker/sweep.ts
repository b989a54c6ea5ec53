import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type Docker from 'dockerode';
import { messageOf } from '../../src/util/errors.ts';
import { asset } from '../../src/util/root.ts';
import { Scope } from '../../src/util/scope.ts';
import type { Swept } from '../base/driver.ts';
import { agentCommand, startContainer } from './attach.ts';
import { aliasOwner } from './cable.ts';
import { connect } from './client.ts';
import { agentContainer } from './container.ts';
import { ContainerHost } from './host.ts';
import { labImage } from './image.ts';
import { fateOf, labelsOf, type Owner, ourFilter, ownerOf, thisOwner } from './labels.ts';

/**
 * Removes from a Docker what drlab left there when it was killed: containers, networks, images and cables that carry
 * its mark and whose owner is dead. What has no mark, or a living owner, stays.
 * @throws {LabUnavailable} when there is no such Docker.
 */
export async function sweepDocker(endpoint: string): Promise<Swept> {
  const docker = await connect(endpoint);
  const swept: Swept = { where: endpoint, removed: [], left: [], failed: [] };
  for (const thing of await ours(docker)) await judge(thing, swept);
  if (endpoint.startsWith('unix://')) {
    await sweepCables(docker, swept);
    swept.removed.push(...(await sweepGroups()));
  }
  return swept;
}

interface Thing {
  name: string;
  owner: Owner;
  remove(): Promise<unknown>;
}

/** In the order in which they can go. */
async function ours(docker: Docker): Promise<Thing[]> {
  const filters = ourFilter;
  const containers = await docker.listContainers({ all: true, filters });
  const networks = await docker.listNetworks({ filters });
  const images = await docker.listImages({ filters: JSON.stringify(filters) });
  const thing = (
    kind: string,
    name: string,
    labels: Record<string, string> | undefined,
    remove: Thing['remove'],
  ) => {
    const owner = ownerOf(labels);
    return owner ? [{ name: `${kind} ${name}`, owner, remove }] : [];
  };
  return [
    ...containers.flatMap(({ Id, Names, Labels }) =>
      thing('container', Names[0]?.slice(1) ?? Id, Labels, () => remove(docker.getContainer(Id))),
    ),
    ...networks.flatMap(({ Id, Name, Labels }) =>
      thing('network', Name, Labels, () => docker.getNetwork(Id).remove()),
    ),
    ...images.flatMap(({ Id, RepoTags, Labels }) =>
      thing('image', RepoTags?.[0] ?? Id, Labels, () => docker.getImage(Id).remove({ force: true })),
    ),
  ];
}

/** Volumes that belong to it alone go along. A container that is ending by itself is waited for. */
async function remove(container: Docker.Container): Promise<void> {
  const gone = container.wait({ condition: 'removed' }).catch(() => {});
  await container.remove({ force: true, v: true }).catch((error) => {
    if (!/already in progress/.test(messageOf(error))) throw error;
  });
  await gone;
}

async function judge({ name, owner, remove }: Thing, swept: Swept): Promise<void> {
  const fate = fateOf(owner);
  if (fate !== 'dead') {
    swept.left.push(`${name} (${fate === 'alive' ? `process ${owner.pid}` : `machine ${owner.machine}`})`);
    return;
  }
  try {
    await remove();
    swept.removed.push(name);
  } catch (error) {
    // It may have gone by itself meanwhile, which is what was wanted.
    if ((error as { statusCode?: number }).statusCode === 404) swept.removed.push(name);
    else swept.failed.push(`${name}: ${messageOf(error)}`);
  }
}

/** Dockerds of our own that were killed leave empty control groups on this machine; a minute old is no start. */
async function sweepGroups(): Promise<string[]> {
  const argv = [asset('lab/docker/groups.sh'), 'drlab-own-*', '1'];
  const { stdout } = await promisify(execFile)('/bin/sh', argv);
  return stdout.split('\n').flatMap((path) => (path === '' ? [] : [`control group ${path}`]));
}

/** Cables lie among the interfaces of the Docker host, which only a container there can see for sure. */
async function sweepCables(docker: Docker, swept: Swept): Promise<void> {
  await using scope = new Scope();
  const owner = thisOwner();
  const labels = labelsOf('sweep', owner);
  const image = await labImage(
    docker,
    { kind: 'docker', endpoint: '', hosts: {}, network: 'macvlan' },
    true,
    labels,
  );
  scope.defer(() => docker.getImage(image.name).remove({ force: true }));
  const surroundings = {
    prefix: `drlab-${owner.run}`,
    labels,
    image,
    apiVersion: (await docker.version()).ApiVersion,
    appArmor: false,
    command: agentCommand(),
  };
  const { agent, removed } = await startContainer(docker, agentContainer('sweep', 'host', surroundings));
  scope.defer(async () => {
    await agent.down();
    await removed;
  });
  const host = new ContainerHost('the Docker host', agent, '', true);
  const { stdout } = await host.exec('grep -H "^drlab:" /sys/class/net/*/ifalias 2>/dev/null; true');
  for (const line of stdout.trim().split('\n')) {
    const [, device = '', alias = ''] = /^\/sys\/class\/net\/([^/]+)\/ifalias:(.*)$/.exec(line) ?? [];
    const cable = aliasOwner(alias);
    const remove = () => host.exec(`[ ! -e /sys/class/net/${device} ] || ip link del ${device}`);
    if (cable) await judge({ name: `interface ${device}`, owner: cable, remove }, swept);
  }
}
