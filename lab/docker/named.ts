import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Scope } from '../../src/util/scope.ts';
import type { ContainerHost } from './host.ts';
import type { Site } from './site.ts';

/**
 * Where the Docker is our own, its containers get the names that namespaces have elsewhere, so that hooks and shells
 * reach them by `ip netns exec HOST`, and `ip netns pids HOST` knows their processes.
 */
export async function nameNamespaces(
  siteOf: (name: string) => Site,
  hosts: ContainerHost[],
  scope: Scope,
): Promise<void> {
  const lines = await Promise.all(
    hosts.map(async ({ name, container }) => {
      const { State } = await siteOf(name).docker.getContainer(container).inspect();
      return `: >/run/netns/${name} && mount --bind /proc/${State.Pid}/ns/net /run/netns/${name}`;
    }),
  );
  const paths = hosts.map(({ name }) => `/run/netns/${name}`).join(' ');
  const sh = (script: string) => promisify(execFile)('/bin/sh', ['-c', script]);
  scope.defer(() => sh(`umount -l ${paths}; rm -f ${paths}`));
  await sh(['mkdir -p /run/netns', ...lines].join(' && '));
}
