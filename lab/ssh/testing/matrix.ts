/**
 * The matrix of every place, machines over ssh included: `matrix.js [ARGUMENT of drlab matrix…]`.
 * It runs in a world, in which sshds in namespaces play the machines: some on this kernel with nftables, others in
 * User-Mode Linux with IPVS. The world ends with it; what it leaves is the folder of `--out` or `--resume`.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDir } from '../../kernel/index.ts';
import { asset } from '../../sandbox/assets.ts';
import { hostSandbox } from '../../sandbox/index.ts';
import { machinesHere, machinesInGuest } from './machines.ts';

const root = dirname(dirname(asset('')));
/** The same in every world, so that a matrix finds its machines again when it goes on. */
const folder = '/run/machines';
const inWorld = 'DRLAB_MATRIX_WORLD';

const args = process.argv.slice(2);
process.exitCode = process.env[inWorld] === undefined ? await outside() : await inside();

async function outside(): Promise<number> {
  const at = args.findIndex((one) => /^(-o|--out|-r|--resume)$/.test(one));
  const named = args[at + 1];
  if (at < 0 || named === undefined || process.getuid?.() !== 0) {
    process.stderr.write(
      'usage, as root: npm run matrix -- --out DIR [CHECK…]   or: npm run matrix -- --resume DIR\n',
    );
    return 64;
  }
  const out = resolve(named);
  mkdirSync(out, { recursive: true });
  mkdirSync(cacheDir(), { recursive: true });
  await using world = await hostSandbox.start({
    argv: [process.execPath, fileURLToPath(import.meta.url), ...args.with(at + 1, out)],
    env: { [inWorld]: '1', HOME: process.env.HOME ?? '/root', XDG_CACHE_HOME: dirname(cacheDir()) },
    cwd: root,
    writableDirs: [out, cacheDir()],
    consolePath: '/dev/null',
    interactive: true,
    memoryMiB: 4096,
  });
  const { code, problem } = await world.exited;
  if (problem !== undefined) process.stderr.write(`${problem}\n`);
  return code ?? 70;
}

async function inside(): Promise<number> {
  // A signal is for the matrix, which ends its place; the machines are taken down after it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
  const guest = await machinesInGuest('keepalived', `${folder}/keepalived`);
  const here = await machinesHere('nftables', `${folder}/nftables`);
  const begins = !args.some((one) => /^(-r|--resume)$/.test(one));
  const code = await drlab(begins ? ['--places', placesFile(), ...args] : args);
  const left = [...(await here.end()), ...(await guest.end())];
  if (left.length > 0) process.stderr.write(`something was left on the machines ${left.join(', ')}\n`);
  return left.length > 0 ? 70 : code;
}

/** The ready-made matrix, and the places that only exist here. */
function placesFile(): string {
  const file = `${folder}/places.yaml`;
  const readyMade = readFileSync(join(root, 'lab', 'matrices', 'default.yaml'), 'utf8');
  writeFileSync(
    file,
    `${readyMade}  - { name: ssh/nftables, lab: ${folder}/nftables/lab.yaml }
  - { name: ssh/uml/keepalived, lab: ${folder}/keepalived/lab.yaml }
`,
  );
  return file;
}

function drlab(more: string[]): Promise<number> {
  const main = join(root, 'dist', 'src', 'cli', 'main.js');
  const child = spawn(process.execPath, [main, 'matrix', ...more], {
    stdio: 'inherit',
    // Ledgers of undoing are of this world's machines.
    env: { ...process.env, XDG_STATE_HOME: folder },
  });
  return new Promise((done, reject) => {
    child.once('error', reject);
    child.once('close', (code) => done(code ?? 70));
  });
}
