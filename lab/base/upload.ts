import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { asset } from '../../src/util/root.ts';

/** The folder of package.json on this machine, with a `/` at its end. */
export const packageRoot = asset('');

/**
 * The files that a program of ours needs, relative to the package: itself, what it imports and so on, and each npm
 * package that one of these names, with the packages that it needs.
 */
export function filesFor(program: string, root = packageRoot): string[] {
  const files = new Set(['package.json']);
  const packages = new Set<string>();
  const follow = (path: string): void => {
    const name = relative(root, path);
    if (files.has(name)) return;
    files.add(name);
    if (!path.endsWith('.js')) return;
    for (const wanted of importsOf(readFileSync(path, 'utf8'))) {
      if (wanted.startsWith('.')) follow(resolve(dirname(path), wanted));
      else if (!wanted.startsWith('node:')) followPackage(root, nameOfPackage(wanted), packages);
    }
  };
  follow(program);
  return [...files, ...[...packages].map((name) => join('node_modules', name))];
}

/** Static and dynamic imports with a literal name, as tsc writes them. */
export const importsOf = (source: string): string[] =>
  [...source.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])([^'"\n]+)\1/g)].map((match) => match[2] ?? '');

const nameOfPackage = (wanted: string): string =>
  wanted
    .split('/')
    .slice(0, wanted.startsWith('@') ? 2 : 1)
    .join('/');

/** Nested copies lie inside the folder of the package that needs them, and come with it. */
function followPackage(root: string, name: string, packages: Set<string>): void {
  const manifest = join(root, 'node_modules', name, 'package.json');
  if (packages.has(name) || !existsSync(manifest)) return;
  packages.add(name);
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  for (const each of Object.keys(dependencies)) followPackage(root, each, packages);
}

/** A gzipped tar of the files; programs and what they import lie in it as they lie here. */
export const packed = (files: string[], root = packageRoot): Buffer =>
  execFileSync('tar', ['-czf', '-', '--owner=0', '--group=0', '-C', root, ...files], {
    maxBuffer: 256 * 1024 * 1024,
  });
