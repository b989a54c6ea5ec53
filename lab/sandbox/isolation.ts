import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asset } from './assets.ts';

/** Where an isolated process keeps its temporary files, and the command that makes it. */
export interface Isolation {
  /** A tmpfs of its own in namespaces; else a folder that it removes. */
  runDir: string;
  namespaces: boolean;
  command: string[];
}

/** An ordinary user becomes root in a user namespace of its own; files belong to that user outside. */
export const unshareArguments = (userId: number): string[] => [
  ...(userId === 0 ? [] : ['--user', '--map-root-user']),
  ...['--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child', '--propagation', 'private'],
];

export const namespaces = (): Isolation => ({
  runDir: '/run',
  namespaces: true,
  command: ['unshare', ...unshareArguments(process.getuid?.() ?? 0), '/bin/sh', asset('isolated.sh')],
});

/** For User-Mode Linux only, which shuts its own programs in. */
export const bareFolder = (): Isolation => ({
  runDir: join(tmpdir(), `drlab-${randomBytes(6).toString('hex')}`),
  namespaces: false,
  command: ['/bin/sh', asset('bare.sh')],
});
