import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** A checkout of its own with a table of one program, and a PATH whose first folder decides who is there. */
let checkout = '';
const sources = fileURLToPath(new URL('..', import.meta.url));

/** Puts a program first in PATH; it notes how it was called. */
async function program(name: string, script: string) {
  const file = join(checkout, 'bin', name);
  await writeFile(file, `#!/bin/sh\necho "${name} $*" >>"${checkout}/calls"\n${script}\n`);
  await chmod(file, 0o755);
}

const calls = async () =>
  (await readFile(join(checkout, 'calls'), 'utf8').catch(() => '')).split('\n').filter(Boolean);

function setup(purpose: string): Promise<{ code: number | null; stderr: string }> {
  const PATH = [join(checkout, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(':');
  const child = spawn('sh', ['lab/setup.sh', purpose], {
    cwd: checkout,
    env: { PATH },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((done) => child.on('close', (code) => done({ code, stderr })));
}

const lock = (version: string) => JSON.stringify({ packages: { '': {}, 'node_modules/a': { version } } });

beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'drlab-setup-'));
  for (const folder of ['bin', 'lab', 'src', 'suites', 'node_modules', 'dist/src/cli']) {
    await mkdir(join(checkout, folder), { recursive: true });
  }
  await cp(join(sources, 'setup.sh'), join(checkout, 'lab/setup.sh'));
  await cp(join(sources, 'setup'), join(checkout, 'lab/setup'), { recursive: true });
  await writeFile(
    join(checkout, 'lab/setup/programs'),
    '# a comment\nstart  drlab-foo  foo-tools  the foo of labs\n',
  );
  await writeFile(join(checkout, 'package-lock.json'), lock('1.0.0'));
  await writeFile(join(checkout, 'tsconfig.json'), '{}');
  await writeFile(join(checkout, 'node_modules/.package-lock.json'), lock('1.0.0'));
  await writeFile(join(checkout, 'dist/src/cli/start.js'), '');
  await writeFile(join(checkout, 'dist/.built'), '');
  // Files written in the same tick of the clock are of the same age; and tests change the table afterwards.
  await utimes(join(checkout, 'dist/.built'), new Date(), new Date(Date.now() + 60_000));
  await program('drlab-foo', '');
  await program('id', 'case $1 in -u) echo 1000 ;; *) echo joe ;; esac');
  await program('sudo', 'exit 1');
  await program('apt-get', 'exit 1');
});
afterEach(() => rm(checkout, { recursive: true }));

test('nothing is printed or run when nothing is missing', async () => {
  expect(await setup('start')).toEqual({ code: 0, stderr: '' });
  expect((await calls()).filter((call) => !call.startsWith('id'))).toEqual([]);
});

test('an ordinary user is told what is missing, why, and the exact command', async () => {
  await rm(join(checkout, 'bin/drlab-foo'));
  const { code, stderr } = await setup('start');
  expect(code).toBe(69);
  expect(stderr).toMatch(/^ {2}foo-tools +the foo of labs$/m);
  expect(stderr).toMatch(/^ {2}apt-get update && apt-get install -y --no-install-recommends foo-tools$/m);
  expect(await calls()).not.toContainEqual(expect.stringMatching(/^apt-get/));
});

test('sudo installs where it asks for no password', async () => {
  await rm(join(checkout, 'bin/drlab-foo'));
  await program('sudo', `[ "$2" = true ] || cp "${checkout}/bin/id" "${checkout}/bin/drlab-foo"`);
  expect((await setup('start')).code).toBe(0);
  expect(await calls()).toContain('sudo -n sh lab/setup/install.sh foo-tools');
});

test('what only the benchmark wants is no condition', async () => {
  await writeFile(join(checkout, 'lab/setup/programs'), 'bench  drlab-bar  bar-tools  the comparison\n');
  const { code, stderr } = await setup('bench');
  expect(code).toBe(0);
  expect(stderr).toMatch(/going on without; as root: apt-get install .* bar-tools$/m);
  expect(await setup('start')).toEqual({ code: 0, stderr: '' });
});

test('modules are installed and built once, when two set-ups begin together', async () => {
  await rm(join(checkout, 'dist/.built'));
  await writeFile(join(checkout, 'package-lock.json'), lock('2.0.0'));
  await program(
    'npm',
    `[ "$1" != ci ] || { sleep 0.3; cp package-lock.json node_modules/.package-lock.json; }`,
  );
  const both = await Promise.all([setup('start'), setup('start')]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect((await calls()).filter((call) => call.startsWith('npm ')).map((call) => call.slice(0, 8))).toEqual([
    'npm ci -',
    'npm run ',
  ]);
});

test('an npm that fails says why', async () => {
  await writeFile(join(checkout, 'package-lock.json'), lock('2.0.0'));
  await program('npm', 'echo "npm error code EAI_AGAIN" >&2; exit 1');
  const { code, stderr } = await setup('start');
  expect(code).toBe(69);
  expect(stderr).toMatch(/EAI_AGAIN/);
});

test('a build that fails shows the compiler and ends with 70, the next one tries again', async () => {
  await rm(join(checkout, 'dist/.built'));
  await program('npm', 'echo "src/a.ts(1,1): error TS2322"; exit 2');
  const { code, stderr } = await setup('start');
  expect(code).toBe(70);
  expect(stderr).toMatch(/error TS2322/);
  await program('npm', '');
  expect((await setup('start')).stderr).toMatch(/building/);
  expect(await setup('start')).toEqual({ code: 0, stderr: '' });
});

test('an old node is refused', async () => {
  await program('node', 'echo v18.19.0');
  expect(await setup('start')).toMatchObject({
    code: 69,
    stderr: expect.stringMatching(/Node 20 or newer.*v18/),
  });
});

test('another purpose is a usage error', async () => {
  expect(await setup('lunch')).toMatchObject({ code: 64, stderr: expect.stringMatching(/usage/) });
});

test('building a kernel has needs of its own, which nobody else is asked for', async () => {
  const table = await readFile(join(checkout, 'lab/setup/programs'), 'utf8');
  await writeFile(
    join(checkout, 'lab/setup/programs'),
    `${table}kernel drlab-cc cc-tools the compiler of kernels\n`,
  );
  await utimes(join(checkout, 'dist/.built'), new Date(), new Date(Date.now() + 60_000));
  expect(await setup('start')).toEqual({ code: 0, stderr: '' });
  const { code, stderr } = await setup('kernel');
  expect(code).toBe(69);
  expect(stderr).toMatch(/cc-tools .*the compiler of kernels/);
});

test('on CPUs with AMX, where User-Mode Linux boots only with what is compiled, its compiler is needed to start', async () => {
  const table = await readFile(join(checkout, 'lab/setup/programs'), 'utf8');
  await writeFile(join(checkout, 'lab/setup/programs'), `${table}kernel drlab-gcc gcc the compiler\n`);
  await utimes(join(checkout, 'dist/.built'), new Date(), new Date(Date.now() + 60_000));
  await program('uname', 'echo x86_64');
  await program('grep', 'exit 1');
  expect(await setup('start')).toEqual({ code: 0, stderr: '' });
  await program('grep', 'exit 0');
  expect(await setup('start')).toMatchObject({
    code: 69,
    stderr: expect.stringMatching(/gcc +the compiler/),
  });
  await program('sudo', `[ "$2" = true ] || cp "${checkout}/bin/id" "${checkout}/bin/drlab-gcc"`);
  await program('npm', '');
  expect(await setup('start')).toMatchObject({ code: 0, stderr: expect.stringMatching(/building/) });
});
