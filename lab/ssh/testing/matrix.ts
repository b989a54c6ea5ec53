/**
 * The matrix of every place, machines over ssh included: `matrix.js [ARGUMENT of drlab matrix…]`.
 * It runs in a sandbox, in which sshds in namespaces play the machines: some on this kernel with nftables, others in
 * User-Mode Linux with IPVS. The sandbox ends with it; what it leaves is the folder of `--out` or `--resume`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findMatrix, readMatrixFile } from '../../../src/model/matrixfile/index.ts';
import { messageOf } from '../../../src/util/errors.ts';
import { cacheDir, findKernel } from '../../kernel/index.ts';
import { asset } from '../../sandbox/assets.ts';
import { hostSandbox } from '../../sandbox/index.ts';
import { machinesHere, machinesInGuest } from './machines.ts';

const root = dirname(dirname(asset('')));
const readyMade = join(root, 'lab', 'matrices', 'default.yaml');
/** The same in every sandbox, so that a matrix finds its machines again when it goes on. */
const folder = '/run/machines';
const inSandbox = 'DRLAB_MATRIX_INSIDE';

const args = process.argv.slice(2);
const indexOf = (...names: string[]): number => args.findIndex((one) => names.includes(one));
const resumes = indexOf('-r', '--resume');
const begins = indexOf('-o', '--out');
const places = indexOf('-P', '--places');
process.exitCode = process.env[inSandbox] === undefined ? await outside() : await inside();

async function outside(): Promise<number> {
  const at = Math.max(resumes, begins) + 1;
  const named = args[at];
  if (at === 0 || named === undefined || process.getuid?.() !== 0)
    return refuse(
      'usage, as root: npm run matrix -- [CHECK…] --out DIR   or: npm run matrix -- --resume DIR',
    );
  const out = resolve(named);
  if (resumes < 0) mkdirSync(out, { recursive: true });
  else if (!existsSync(join(out, 'matrix.json'))) return refuse(`there is no matrix in ${out}`);
  await fetchKernels();
  let interrupted = false;
  process.once('SIGINT', () => {
    interrupted = true;
  });
  await using running = await hostSandbox.start({
    argv: [process.execPath, fileURLToPath(import.meta.url), ...args.with(at, out)],
    env: {
      [inSandbox]: '1',
      DRLAB_RESUME_BY: 'npm run matrix -- --resume',
      DRLAB_COMMAND_LINE: `npm run matrix -- ${args.join(' ')}`,
      XDG_CACHE_HOME: dirname(cacheDir()),
    },
    cwd: root,
    writableDirs: [out, cacheDir()],
    consolePath: '/dev/null',
    interactive: true,
    memoryMiB: 4096,
  });
  const { code, problem } = await running.exited;
  // The shell that is the sandbox's first process has had the signal, too, and goes when the matrix has ended.
  if (interrupted) return 130;
  if (problem !== undefined) say(problem);
  return code ?? 70;
}

/** The sandbox has no way out, so they are fetched before it; without them their places are `unsupported`. */
async function fetchKernels(): Promise<void> {
  mkdirSync(cacheDir(), { recursive: true });
  const file = places < 0 ? readyMade : await findMatrix(args[places + 1] ?? '');
  for (const { kernel } of (await readMatrixFile(file)).places)
    if (kernel !== undefined) await findKernel(kernel).catch((error) => say(messageOf(error)));
}

async function inside(): Promise<number> {
  // A signal is for the matrix, which ends its place; the machines are taken down after it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
  const guest = await machinesInGuest('keepalived', `${folder}/keepalived`);
  const here = await machinesHere('nftables', `${folder}/nftables`);
  const code = await drlab(resumes < 0 && places < 0 ? ['--places', placesFile(), ...args] : args);
  const left = [...(await here.end()), ...(await guest.end())];
  if (left.length === 0) return code;
  say(`something was left on the machines ${left.join(', ')}`);
  return 70;
}

/** The ready-made matrix, and the places that only exist here. */
function placesFile(): string {
  const file = `${folder}/places.yaml`;
  writeFileSync(
    file,
    `${readFileSync(readyMade, 'utf8')}  - { name: ssh/nftables, lab: ${folder}/nftables/lab.yaml }
  - { name: ssh/uml/keepalived, lab: ${folder}/keepalived/lab.yaml }
`,
  );
  return file;
}

function drlab(more: string[]): Promise<number> {
  const main = join(root, 'dist', 'src', 'cli', 'main.js');
  const child = spawn(process.execPath, [main, 'matrix', ...more], {
    stdio: 'inherit',
    // Ledgers of undoing are of this sandbox's machines.
    env: { ...process.env, XDG_STATE_HOME: folder },
  });
  return new Promise((done, reject) => {
    child.once('error', reject);
    child.once('close', (code) => done(code ?? 70));
  });
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function refuse(text: string): number {
  say(text);
  return 64;
}
