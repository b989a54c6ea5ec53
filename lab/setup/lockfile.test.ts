import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Entry {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  resolved?: string;
}

const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, Entry>;
};

/** Where Node finds `name` from the package at `path`: the nearest `node_modules` upwards. */
function locked(path: string, name: string): boolean {
  const at = path === '' ? '' : `${path}/`;
  if (lock.packages[`${at}node_modules/${name}`]) return true;
  return path !== '' && locked(path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))), name);
}

// npm ci refuses a lock that lacks a binary of any platform, and a registry that lacks one makes such locks.
test('the lock names every dependency, those of other platforms too', () => {
  const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter((name) => !locked(path, name))
      .map((name) => `${path} needs ${name}`),
  );
  expect(missing).toEqual([]);
});

test('the lock names no registry', () => {
  const named = Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined);
  expect(named).toEqual([]);
});
