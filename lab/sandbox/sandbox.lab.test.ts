import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { crowding } from '../../src/util/crowding.ts';
import { quote } from '../../src/util/quote.ts';
import { until } from '../../src/util/until.ts';
import { asset } from './assets.ts';
import { leftovers, untilNoneLeft } from './testing/leftovers.ts';
import { Outer, textOf, type Who } from './testing/outer-process.ts';

const me: Who = { name: 'this user', prefix: [], uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const asOrdinary = ['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups'];
const ordinary: Who = { name: 'an ordinary user', prefix: asOrdinary, uid: 1000, gid: 1000 };
const unprivileged: Who = {
  ...me,
  name: 'a user without namespaces',
  prefix: ['setpriv', '--bounding-set=-sys_admin'],
};

const works = (argv: string[]) => spawnSync(argv[0] ?? '', argv.slice(1)).status === 0;
/** Only root can become somebody else, who must be allowed to read this checkout. */
const canSwitch = me.uid === 0 && works([...asOrdinary, 'test', '-r', asset('isolated.sh')]);

const places: { who: Who; kind: 'host' | 'uml' }[] = [
  { who: me, kind: 'host' },
  { who: me, kind: 'uml' },
  ...(canSwitch
    ? ([
        { who: ordinary, kind: 'host' },
        { who: ordinary, kind: 'uml' },
        { who: unprivileged, kind: 'uml' },
      ] as const)
    : []),
];

describe.each(places)('$kind for $who.name', ({ who, kind }) => {
  let outer: Outer;
  beforeAll(async () => {
    outer = await Outer.create(who);
  });
  afterAll(() => outer[Symbol.asyncDispose]());

  it('brings output and exit codes out, of several side by side', async () => {
    const script = (code: number) => `echo "seen: $WORD"; id -u; exit ${code}`;
    const [zero, seven] = await Promise.all([
      outer.run(kind, script(0), { env: { WORD: "it's" } }),
      outer.run(kind, script(7), { env: { WORD: 'two words' } }),
    ]);
    expect(zero).toMatchObject({ code: 0, console: expect.stringContaining("seen: it's\n0\n") });
    expect(seven).toMatchObject({ code: 7, console: expect.stringContaining('seen: two words\n0\n') });
    expect(zero).not.toHaveProperty('problem');
  });

  it('writes to the folders named and nowhere else', async () => {
    const script =
      'echo kept >kept; touch /etc/drlab-was-here 2>/dev/null; touch "$TMPDIR/x" /dev/shm/x && exit 3';
    expect((await outer.run(kind, script)).code).toBe(3);
    const kept = join(outer.dir, 'kept');
    expect(readFileSync(kept, 'utf8')).toBe('kept\n');
    expect(statSync(kept).uid).toBe(who.uid);
    expect(readdirSync('/etc')).not.toContain('drlab-was-here');
    expect(readdirSync('/dev/shm')).not.toContain('x');
  });

  it('has folders of its own for what hooks and scripts write, in which lies what lies there outside', async () => {
    const own = who === unprivileged ? ['/etc', '/var/tmp', '/run'] : ['/etc', '/tmp', '/var/tmp', '/run'];
    const before = readFileSync('/etc/hosts', 'utf8');
    const script = [
      `for dir in ${own.join(' ')}; do echo "own $dir" >$dir/drlab-was-here && cat $dir/drlab-was-here; done`,
      'ip netns add a && ip netns exec a sh -c "mv /etc/drlab-was-here /etc/drlab-went"; cat /etc/drlab-went',
      'cmp /etc/hosts hosts && echo same; echo x >>/etc/passwd; touch /usr/drlab-was-here; exit 0',
    ].join('\n');
    writeFileSync(join(outer.dir, 'hosts'), before);
    const { console, code } = await outer.run(kind, script);
    const said = console.split('\n').filter((line) => /^(own|same)/.test(line));
    expect({ code, said }).toEqual({
      code: 0,
      said: [...own.map((dir) => `own ${dir}`), 'own /etc', 'same'],
    });
    for (const dir of [...own, '/usr', '/tmp'].filter((path) => works(['test', '-d', path])))
      expect(
        readdirSync(dir).filter((name) => name.startsWith('drlab-we') || name === 'drlab-was-here'),
      ).toEqual([]);
    expect(readFileSync('/etc/passwd', 'utf8')).not.toMatch(/^x$/m);
  });

  it.skipIf(!works(['test', '-x', '/usr/sbin/iptables']))(
    'has the iptables and arptables that its kernel can do with, and the outside keeps its own',
    async () => {
      const outside = readlinkSync('/etc/alternatives/iptables');
      const script = [
        'ip netns add a; here="ip netns exec a"; set -e',
        '$here iptables -A INPUT -s 192.0.2.1 -m comment --comment "seen here" -j DROP',
        '$here iptables-save | grep "seen here"',
        '! command -v arptables >/dev/null || $here arptables -A INPUT -s 192.0.2.1 -j DROP',
      ].join('\n');
      const { console, code } = await outer.run(kind, script);
      expect({ console, code }).toEqual({
        code: 0,
        console: expect.stringMatching(/^-A INPUT -s 192.0.2.1/m),
      });
      expect(readlinkSync('/etc/alternatives/iptables')).toBe(outside);
    },
  );

  it('has a network of its own', async () => {
    const script = 'ip netns add a && ip link add x type veth peer name y netns a && ip -br link show up';
    const { console, code } = await outer.run(kind, script);
    expect({ console, code }).toEqual({ code: 0, console: expect.stringMatching(/^lo /m) });
    expect(console).not.toMatch(/eth0/);
  });

  it('leaves nothing when the outer process is killed', async () => {
    const mark = basename(outer.dir);
    const mountsBefore = readFileSync('/proc/self/mountinfo', 'utf8');
    const job = outer.job(
      `touch /dev/shm/${mark} /run/${mark}; ip netns add ${mark}; sleep 500 & echo running; wait`,
    );
    const child = outer.spawn(kind, job);
    onTestFinished(() => void child.kill('SIGKILL'));
    let pid = '';
    child.stdout?.once('data', (line) => {
      pid = String(line).trim();
    });
    const running = () =>
      pid !== '' && readFileSync(job.consolePath, 'utf8').includes('running') ? pid : undefined;
    await until('the program inside', running, { withinMs: 60_000 * crowding() });
    const namespace = readlinkSync(`/proc/${pid}/ns/pid_for_children`);
    const shutIn = namespace !== readlinkSync('/proc/self/ns/pid') ? namespace : undefined;
    expect(leftovers(mark, shutIn).length).toBeGreaterThan(2);

    child.kill('SIGKILL');
    await untilNoneLeft(mark, shutIn);
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).toBe(mountsBefore);
    for (const dir of ['/dev/shm', '/run', '/run/netns'].filter((path) => works(['test', '-d', path]))) {
      expect(readdirSync(dir), dir).not.toContain(mark);
    }
    // HOME and TMPDIR of the outer process.
    expect(readdirSync(outer.dir).filter((name) => !/^(console-\d+\.txt|kept|hosts)$/.test(name))).toEqual(
      [],
    );
  });

  it('says why when the program did not end by itself', async () => {
    const crash = kind === 'uml' ? 'echo last words; echo c >/proc/sysrq-trigger; sleep 9' : 'kill -KILL $$';
    const { code, problem } = await outer.run(kind, crash);
    expect({ code, problem }).toEqual({
      code: null,
      problem: expect.stringMatching(
        kind === 'uml' ? /Kernel panic .*; before that: .*last words/ : /SIGKILL/,
      ),
    });
  });

  it('hands the standard input on', async () => {
    const child = outer.spawn(kind, outer.job('read -r line; echo "got $line"', { interactive: true }));
    child.stdin?.end('one\ntwo\n');
    expect(await textOf(child)).toMatch(/^got one\n\{"code":0\}\n$/);
  });

  it('gives a shell the terminal, and Ctrl-C to what runs in it', async () => {
    const job = outer.job('', { argv: ['/bin/bash', '--norc', '-i'], interactive: true });
    const child = outer.spawn(kind, job, (argv) => [
      'script',
      '-qec',
      argv.map(quote).join(' '),
      '/dev/null',
    ]);
    onTestFinished(() => void child.kill('SIGKILL'));
    let seen = '';
    child.stdout?.on('data', (chunk) => {
      seen += String(chunk);
    });
    const saw = (what: RegExp) =>
      until(String(what), () => what.exec(seen) ?? undefined, {
        withinMs: 60_000 * crowding(),
        everyMs: 20,
        lastSeen: () => seen,
      });
    await saw(/# $/);
    child.stdin?.write("sh -c 'echo before; exec sleep 300'\n");
    await saw(/^before/m);
    child.stdin?.write('\x03');
    await saw(/\^C/);
    child.stdin?.write('echo "code=$?"; exit 5\n');
    await saw(/^code=130/m);
    await saw(/code\W.*5/);
    child.stdin?.end();
    // Else what is still ending would write where the next thing is a removal.
    if (child.exitCode === null) await once(child, 'exit');
  });
});
