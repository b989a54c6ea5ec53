import { dirname } from 'node:path';
import type { HostSpec } from '../../src/model/spec.ts';

/**
 * Folders below /usr/local that a host brings. Where the programs of a container are this machine's, /usr is a mount to which nothing
 * can be added, so they are mounted over it whole.
 */
export const broughtFolders = ({ files }: Pick<HostSpec, 'files'>): string[] => {
  const folders = new Set((files?.paths ?? []).filter((path) => path.startsWith('/usr/local/')).map(dirname));
  return [...folders].filter((one) => ![...folders].some((other) => one.startsWith(`${other}/`)));
};

export const bindsOf = (host: Pick<HostSpec, 'files'>): string[] =>
  broughtFolders(host).map((folder) => `${host.files?.from}${folder}:${folder}:ro`);

export const isBound = (host: Pick<HostSpec, 'files'>, path: string): boolean =>
  broughtFolders(host).some((folder) => path.startsWith(`${folder}/`));
