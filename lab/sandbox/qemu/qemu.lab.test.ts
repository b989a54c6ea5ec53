import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { crowding } from '../../../src/util/crowding.ts';
import { DrlabError } from '../../../src/util/errors.ts';
import { until } from '../../../src/util/until.ts';
import { findKernel, type Kernel, kernelsDir } from '../../kernel/index.ts';
import { asset } from '../assets.ts';
import { leftovers, untilNoneLeft } from '../testing/leftovers.ts';
import { Outer, textOf, type Who } from '../testing/outer-process.ts';
import { qemuSandbox } from './index.ts';

const me: Who = { name: 'this user', prefix: [], uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const asOrdinary = ['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups'];
const ordinary: Who = { name: 'an ordinary user', prefix: asOrdinary, uid: 1000, gid: 1000 };
const works = (argv: string[]) => spawnSync(argv[0] ?? '', argv.slice(1)).status === 0;
/** Only root can become somebody else, who must be allowed to read this checkout. */
const canSwitch = me.uid === 0 && works([...asOrdinary, 'test', '-r', asset('isolated.sh')]);

/** The kernels that are here or can be fetched, or why there are none. */
async function kernels(): Promise<{ found: Kernel[]; why: string }> {
  const { ok, why } = await qemuSandbox({ kernel: '6.1' }).attempt({ ipvs: true, nftNetdev: true });
  if (!ok) return { found: [], why };
  try {
    return { found: await Promise.all(['6.1', '6.12'].map((name) => findKernel(name))), why };
  } catch (error) {
    if (!(error instanceof DrlabError)) throw error;
    return { found: [await findKernel('6.1')], why };
  }
}
const { found, why } = await kernels();
const smallest = found.at(-1);

const places = [
  ...found.map((kernel) => ({ kernel, who: me })),
  ...(smallest && canSwitch ? [{ kernel: smallest, who: ordinary }] : []),
].map((place) => ({ ...place, title: `${place.kernel.release} for ${place.who.name}` }));

it.runIf(smallest === undefined)('says what is missing where there is no qemu or no kernel', () => {
  expect(why).toMatch(/not installed|kernel|namespaces/);
});

it.runIf(found.length === 2)('lists both kernels as fetched', () => {
  const cli = join(asset(''), '../../dist/src/cli/main.js');
  const { stdout } = spawnSync(process.execPath, [cli, 'kernel', 'list', '--json'], { encoding: 'utf8' });
  const { fetched } = JSON.parse(stdout) as { fetched: { release: string; bytes: number }[] };
  for (const { release } of found) {
    expect(fetched.find((one) => one.release === release)?.bytes).toBeGreaterThan(10e6);
  }
});

describe.each(places)('qemu with $title', ({ kernel, who }) => {
  let outer: Outer;
  let kind = '';
  beforeAll(async () => {
    outer = await Outer.create(who);
    // By path, and where an ordinary user may read it: HOME, and so the cache, is another one in there.
    const own = join(outer.dir, 'kernel');
    if (who !== me) cpSync(join(kernelsDir(), kernel.release), own, { recursive: true });
    kind = `qemu:${who === me ? kernel.image : join(own, 'boot', basename(kernel.image))}`;
  });
  afterAll(() => outer[Symbol.asyncDispose]());

  it('brings output and exit code out, writes where it may, and has IPVS in a network of its own', async () => {
    const script = [
      'echo "seen: $WORD"; id -u; uname -r',
      'ip -br link show up; ipvsadm -A -t 198.18.0.1:80 -s wlc && ipvsadm -Ln | grep -c wlc',
      'echo kept >kept; touch /etc/drlab-was-here 2>/dev/null; touch /tmp/drlab-was-here || exit 1',
      'modprobe dummy numdummies=0 && grep -q cgroup2 /proc/mounts && exit 7',
    ].join('\n');
    const { code, problem, console } = await outer.run(kind, script, { env: { WORD: "it's" } });
    expect({ code, problem, console }).toEqual({ code: 7, problem: undefined, console: expect.anything() });
    expect(console).toMatch(
      new RegExp(`seen: it's\n0\n${kernel.release.replaceAll('+', '\\+')}\nlo [^\n]*\n1\n`),
    );
    expect(readFileSync(join(outer.dir, 'kept'), 'utf8')).toBe('kept\n');
    expect(statSync(join(outer.dir, 'kept')).uid).toBe(who.uid);
    expect(existsSync('/etc/drlab-was-here') || existsSync('/tmp/drlab-was-here')).toBe(false);
  });

  it('says what a panic said', async () => {
    const { code, problem } = await outer.run(kind, 'echo c >/proc/sysrq-trigger; sleep 9');
    expect({ code, problem }).toEqual({ code: null, problem: expect.stringMatching(/Kernel panic.*sysrq/) });
  });

  it('leaves nothing when the outer process is killed', async () => {
    const mountsBefore = readFileSync('/proc/self/mountinfo', 'utf8');
    const job = outer.job('echo running; exec sleep 500');
    const child = outer.spawn(kind, job);
    onTestFinished(() => void child.kill('SIGKILL'));
    let pid = '';
    child.stdout?.once('data', (line) => {
      pid = String(line).trim();
    });
    const isRunning = () =>
      pid !== '' && readFileSync(job.consolePath, 'utf8').includes('running') ? pid : undefined;
    await until('the program inside', isRunning, { withinMs: 60_000 * crowding() });
    const namespace = readlinkSync(`/proc/${pid}/ns/pid_for_children`);
    expect(leftovers(basename(outer.dir), namespace).length).toBeGreaterThan(2);

    child.kill('SIGKILL');
    await untilNoneLeft(basename(outer.dir), namespace);
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).toBe(mountsBefore);
    const expected = /^(console-\d+\.txt|kept|kernel|\.cache)$/;
    expect(readdirSync(outer.dir).filter((name) => !expected.test(name))).toEqual([]);
  });

  it('hands the standard input on', async () => {
    const child = outer.spawn(kind, outer.job('read -r line; echo "got $line"', { interactive: true }));
    child.stdin?.end('one\ntwo\n');
    expect(await textOf(child)).toMatch(/^got one\n\{"code":0\}\n$/);
  });
});
