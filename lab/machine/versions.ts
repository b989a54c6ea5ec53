import { type Probing, thisMachine } from './probing.ts';
import { type Program, programs } from './programs.ts';

/** A program as it was found: where, and which version; undefined where it is missing. */
export interface Found {
  path: string;
  version: string;
}

/** Those that do not know `--version`. */
const versionFlags: Record<string, string[]> = {
  ip: ['-V'],
  tc: ['-V'],
  bridge: ['-V'],
  busybox: [],
  perl: ['-v'],
};

/**
 * @returns what is known about each program, by name.
 * One question to dpkg answers for all of Debian's. Others are run, and so is the uml kernel, whose package
 * has a version of its own.
 */
export async function findPrograms(
  wanted: Program[],
  on: Probing = thisMachine,
): Promise<Map<string, Found | undefined>> {
  const packaged = await packageVersions([...new Set(wanted.map((program) => program.package))], on);
  const found = wanted.map(async (program): Promise<[string, Found | undefined]> => {
    const path = await on.locate(program.name);
    if (path === undefined) return [program.name, undefined];
    const ofDebian = /^(\/usr)?\/s?bin\//.test(path) && program.name !== 'linux.uml';
    const version =
      (ofDebian ? packaged.get(program.package) : undefined) ?? (await askVersion(program.name, path, on));
    return [program.name, { path, version }];
  });
  return new Map(await Promise.all(found));
}

/** Versions of Node and of every program that a run may call, for the record; those that are missing are left out. */
export async function toolVersions(on: Probing = thisMachine): Promise<Record<string, string>> {
  const found = await findPrograms(
    programs().filter((program) => program.purpose === 'start'),
    on,
  );
  const versions: Record<string, string> = { node: process.version };
  for (const [name, program] of found) if (program) versions[name] = program.version;
  return versions;
}

async function packageVersions(names: string[], on: Probing): Promise<Map<string, string>> {
  // It ends with 1 when one package of many is unknown, and still tells about the others.
  const { output } = await on.run(['dpkg-query', '--show', ...names]);
  const installed = output.matchAll(/^([^\s:]+)(?::\w+)?\t(\S+)$/gm);
  return new Map([...installed].map(([, name = '', version = '']) => [name, version]));
}

async function askVersion(name: string, path: string, on: Probing): Promise<string> {
  // Even for its version ipvsadm loads ip_vs into the kernel, and looking must not change the machine.
  if (name === 'ipvsadm') return 'unknown version';
  const { output } = await on.run([path, ...(versionFlags[name] ?? ['--version'])]);
  return /\d+(\.\d+)+[\w.+-]*/.exec(output)?.[0] ?? 'unknown version';
}
