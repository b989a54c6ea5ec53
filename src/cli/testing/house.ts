import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { packageRoot } from '../../util/root.ts';
import { type Running, startCommand } from './drlab.ts';

/**
 * A machine of its own to look around in: namespaces with a private `/tmp`, `/run`, `/dev/shm` and home, in which
 * nobody else works, so that whatever is new there is what drlab left.
 */
export class House implements AsyncDisposable {
  /** Put before a command that shall run in the house. */
  readonly prefix: string[];

  private constructor(
    private readonly keeper: ReturnType<typeof spawn>,
    private readonly pid: number,
  ) {
    this.prefix = ['nsenter', '-t', String(pid), ...enter, '--'];
  }

  static async create(): Promise<House> {
    const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
    const namespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const argv = [
      ...user,
      ...namespaces,
      '--propagation',
      'private',
      'sh',
      '-c',
      setUp,
      'house',
      packageRoot,
    ];
    const keeper = spawn('unshare', argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve, reject) => {
      keeper.once('error', reject);
      keeper.once('exit', (code) => reject(new Error(`no house: unshare ended with ${code}`)));
      keeper.stdout?.once('data', () => resolve());
    });
    return new House(keeper, childOf(keeper.pid) ?? 0);
  }

  /** The process in the house, which nsenter waits for: the one to signal. */
  static victim(running: Running): number {
    const pid = childOf(running.child.pid);
    if (pid === undefined) throw new Error('it runs no more');
    return pid;
  }

  /** A path as this process sees it. */
  at(path: string): string {
    if (!isAbsolute(path)) throw new Error(`not absolute: ${path}`);
    return join('/proc', String(this.pid), 'root', path);
  }

  /** Everything that a run may leave, one line each. */
  async traces(): Promise<string[]> {
    const { stdout } = await startCommand(['sh', '-c', look], { prefix: this.prefix }).ended;
    const mounts = readFileSync(`/proc/${this.pid}/mountinfo`, 'utf8').split('\n');
    const files = places.flatMap((place) =>
      readdirSync(this.at(place), { recursive: true }).map((name) => `file ${place}/${name}`),
    );
    return [...stdout.trim().split('\n'), ...mounts.map((mount) => `mount ${mount}`), ...files].sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = new Promise((resolve) => this.keeper.once('exit', resolve));
    this.keeper.kill('SIGKILL');
    await gone;
  }
}

const enter = [
  '--mount',
  '--net',
  '--pid',
  ...(process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials']),
];

function childOf(pid: number | undefined): number | undefined {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  return child ? Number(child) : undefined;
}

const places = ['/tmp', '/run', '/dev/shm'];

/** The checkout may lie below /tmp: it is bound to its place again. The first process buries orphans. */
const setUp = `
cd "$1" || exit
for place in ${places.join(' ')}; do mount -t tmpfs -o mode=1777 house "$place" || exit; done
[ -e "$1" ] || { mkdir -p "$1" && mount -c --bind . "$1"; } || exit
mkdir /tmp/home
cd /
ip link set lo up
echo ready
exec perl -e '$SIG{CHLD} = "IGNORE"; sleep'
`;

/** The shell that looks is a process, too. */
const look = `
for status in /proc/[0-9]*/status; do
  pid=\${status#/proc/}; pid=\${pid%/status}
  [ "$pid" = $$ ] || [ "$pid" = 1 ] || { IFS= read -r name <"$status" && echo "process $pid $name"; } 2>/dev/null
done
while IFS=' :' read -r name _; do echo "link $name"; done </proc/net/dev
`;
