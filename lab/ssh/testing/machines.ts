import { type SpawnOptions, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DirectorKind } from '../../../src/model/spec.ts';
import { quote } from '../../../src/util/quote.ts';
import { until } from '../../../src/util/until.ts';
import { asset } from '../../sandbox/assets.ts';
import { minimalEnvironment } from '../../sandbox/environment.ts';
import { guestFstab, guestJob, hostfs } from '../../sandbox/guest-job.ts';
import { startIsolated } from '../../sandbox/isolated.ts';
import { bareFolder } from '../../sandbox/isolation.ts';
import { modulesDir } from '../../sandbox/uml-attempt.ts';
import { kernelArguments } from '../../sandbox/uml-kernel.ts';
import { withLibraries } from '../../sandbox/uml-registers.ts';
import { makeLink } from './roads.ts';

/** Machines that are up, and the lab file that names them. */
export interface Machines {
  /** Takes them down. @returns the names of those on which something was left, compared with the beginning. */
  end(): Promise<string[]>;
}

const groundPath = fileURLToPath(new URL('ground.js', import.meta.url));
const root = dirname(dirname(asset('')));
const guestMemoryMiB = 1536;

/** @param folder gets `lab.yaml`, and the keys that it names. */
export async function machinesHere(kind: DirectorKind, folder: string): Promise<Machines> {
  // A mount namespace of their own: what plays them lays files over /etc.
  const command = `exec unshare -m sh -c ${quote(groundCommand([kind, folder], folder))}`;
  mkdirSync(folder, { recursive: true });
  const log = openSync(`${folder}/log`, 'a');
  // Detached: Ctrl-C is for whoever uses the machines.
  const options: SpawnOptions = { cwd: root, stdio: ['ignore', log, log], detached: true };
  const child = spawn('/bin/sh', ['-c', command], options);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return watched(folder, ended);
}

/** The same in User-Mode Linux, which has IPVS, on the other end of a link. */
export async function machinesInGuest(kind: DirectorKind, folder: string): Promise<Machines> {
  const link = 'uml0';
  makeLink(link);
  mkdirSync(folder, { recursive: true });
  const log = openSync(`${folder}/log`, 'a');
  const isolation = bareFolder();
  const guestDir = `${isolation.runDir}/guest`;
  const env = minimalEnvironment({ TMPDIR: '/run/tmp' });
  const argv = ['/bin/sh', '-c', groundCommand([kind, folder, 'vec0'], folder)];
  const running = startIsolated({
    isolation,
    argv: [
      ...['/bin/sh', asset('guest-kernel.sh'), isolation.runDir, asset('guest.sh'), modulesDir],
      ...[...withLibraries('linux.uml'), `vec0:transport=tap,ifname=${link}`],
      ...kernelArguments(guestDir, guestMemoryMiB, 'none'),
    ],
    env: {
      PATH: env.PATH ?? '',
      GUEST_FSTAB: guestFstab([hostfs(guestDir, '/run/guest'), hostfs(folder)]),
      GUEST_JOB: guestJob({ argv, cwd: root }, env, 'none'),
      GUEST_STDIN: 'none',
    },
    cwd: root,
    writableDirs: [],
    runMiB: guestMemoryMiB,
    ...{ stdin: 'ignore', stdout: log, stderr: log, foreground: false },
    extra: [log],
  });
  return watched(folder, running.ended);
}

/** A file tells them to end, which is seen in any kernel. */
const groundCommand = (args: string[], folder: string): string =>
  `until [ -e ${folder}/end ]; do sleep 0.3; done | ${[process.execPath, groundPath, ...args].join(' ')} >${folder}/said`;

async function watched(folder: string, ended: Promise<unknown>): Promise<Machines> {
  const read = (name: string): string =>
    existsSync(`${folder}/${name}`) ? readFileSync(`${folder}/${name}`, 'utf8') : '';
  let gone = false;
  void ended.then(() => {
    gone = true;
  });
  await until(
    'machines to log in to',
    () => {
      if (gone) throw new Error(`there are no machines to log in to: ${read('log')}`);
      return read('said').includes('\n') || undefined;
    },
    { withinMs: 120_000, lastSeen: () => read('log') },
  );
  return {
    async end() {
      writeFileSync(`${folder}/end`, '');
      await ended;
      const last = read('said').trim().split('\n').at(-1) ?? '';
      if (!last.startsWith('{')) throw new Error(`the machines ended badly: ${read('log')}`);
      const { unlike } = JSON.parse(last) as { unlike: string[] };
      // Its log says what differs.
      if (unlike.length > 0) process.stderr.write(read('log').split('\n').slice(-40).join('\n'));
      return unlike;
    },
  };
}
