import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import type Docker from 'dockerode';
import type { DockerSpec } from '../../src/model/spec.ts';
import { LabUnavailable, messageOf } from '../../src/util/errors.ts';
import { asset } from '../../src/util/root.ts';
import { type TarEntry, tar } from './tar.ts';

/** Where a host keeps its scripts and captures; each container has its own. */
export const hostFolder = '/drlab';

/** What the containers of a lab are made of. */
export interface LabImage {
  name: string;
  /** Folders of the Docker host that are visible in every container, read-only. */
  binds: string[];
  /** Made for this lab, and removed with it. */
  imported: boolean;
}

/**
 * The image that the lab file names; else, on this machine's own Docker, one made of this machine's programs.
 * @param here whether the Docker runs on this machine, so that its files are ours.
 * @throws {LabUnavailable} when an image is unavailable.
 */
export async function labImage(
  docker: Docker,
  spec: DockerSpec,
  here: boolean,
  labels: Record<string, string>,
): Promise<LabImage> {
  if (spec.image !== undefined) {
    await obtain(docker, spec.image);
    return { name: spec.image, binds: here ? ownFiles : [], imported: false };
  }
  if (here) return importMachine(docker, labels);
  throw new LabUnavailable('a Docker on another machine needs an image with the programs of a lab.', {
    hint: `build lab/docker/Dockerfile there (docker build -t drlab -f lab/docker/Dockerfile .) and write «image: drlab»`,
  });
}

/** Makes sure that the Docker has the image, from a registry if need be. */
export async function obtain(docker: Docker, name: string): Promise<void> {
  const known = await docker
    .getImage(name)
    .inspect()
    .then(
      () => true,
      () => false,
    );
  if (known) return;
  try {
    const stream = await docker.pull(name);
    await new Promise<void>((resolve, reject) =>
      docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve())),
    );
  } catch (error) {
    throw new LabUnavailable(`the image ${name} is not there and cannot be pulled: ${messageOf(error)}`, {
      hint: `docker pull ${name}, or docker load it from a file; without a registry leave «image» out`,
      cause: error,
    });
  }
}

/** The checkout and the Node that runs it, under the paths that they have here. */
const ownFiles = [asset(''), process.execPath].map((path) => readOnly(path.replace(/\/$/, '')));

/** Folders with programs; where /bin is a link into /usr, the image has the same link. */
const programFolders = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
const settingsFolders = ['/etc/alternatives', '/etc/iproute2', '/etc/perl', '/etc/ld.so.conf.d'];
const settingsFiles = [
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/protocols',
  '/etc/services',
  '/etc/nsswitch.conf',
];

/**
 * A root tree of mount points and a few settings, some kilobytes: the programs themselves are this machine's, seen
 * through read-only mounts. So a lab needs no registry, and its tools are the ones that every other driver uses.
 */
async function importMachine(docker: Docker, labels: Record<string, string>): Promise<LabImage> {
  const links = programFolders.filter((path) => kindOf(path) === 'link');
  const folders = programFolders.filter((path) => kindOf(path) === 'folder');
  const settings = settingsFolders.filter((path) => kindOf(path) === 'folder');
  const entries: TarEntry[] = [
    ...['/usr', '/etc', '/proc', '/sys', '/dev', '/run', '/var', ...folders, ...settings].map(folder),
    ...[hostFolder, '/tmp'].map((path): TarEntry => ({ ...folder(path), mode: 0o1777 })),
    ...links.map((path): TarEntry => ({ path: inTar(path), kind: 'link', target: readlinkSync(path) })),
    { path: 'var/run', kind: 'link', target: '/run' },
    {
      path: 'etc/passwd',
      kind: 'file',
      content: 'root:x:0:0:root:/tmp:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n',
    },
    { path: 'etc/group', kind: 'file', content: 'root:x:0:\nnogroup:x:65534:\n' },
    ...settingsFiles
      .filter((path) => kindOf(path) === 'file')
      .map((path): TarEntry => ({ path: inTar(path), kind: 'file', content: readFileSync(path) })),
  ];
  const name = `drlab-${labels['drlab.run']}`;
  const changes = Object.entries(labels).map(([key, value]) => `LABEL ${key}="${value}"`);
  const stream = await docker.importImage(tar(entries) as unknown as NodeJS.ReadableStream, {
    repo: name,
    tag: 'latest',
    changes,
  });
  await new Promise<void>((resolve, reject) =>
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve())),
  );
  const binds = ['/usr', ...folders, ...settings].map(readOnly);
  return { name, binds: [...binds, ...ownFiles.filter((bind) => !bind.startsWith('/usr/'))], imported: true };
}

const inTar = (path: string): string => path.slice(1);
const folder = (path: string): TarEntry => ({ path: inTar(path), kind: 'folder' });

function readOnly(path: string): string {
  return `${path}:${path}:ro`;
}

function kindOf(path: string): 'link' | 'folder' | 'file' | 'none' {
  const info = lstatSync(path, { throwIfNoEntry: false });
  if (!info) return 'none';
  if (info.isSymbolicLink()) return 'link';
  return info.isDirectory() ? 'folder' : 'file';
}
