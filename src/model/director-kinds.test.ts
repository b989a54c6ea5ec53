import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../util/root.ts';
import { directorKinds } from './kinds.ts';

/**
 * Nobody compares with the name of a kind of director: a new kind would be forgotten there. Who must know asks for a
 * trait. Names are for the kinds themselves, in lab/directors, and for the table of traits.
 */

const kind = `['"\`](?:${directorKinds.join('|')})['"\`]`;
const forms = [
  `[=!]==?\\s*${kind}`,
  `${kind}\\s*[=!]==?`,
  `\\bcase\\s+${kind}`,
  // A key of the lab file may have the name of a kind.
  `(?<!Keys)\\.includes\\(\\s*${kind}`,
  // A list of kinds, which is a copy of what the table says.
  `\\[\\s*${kind}(?:\\s*,\\s*${kind})+\\s*,?\\s*\\]`,
  `\\[\\s*${kind}\\s*\\]\\s*\\.includes`,
];

/** As `line: text`. */
const comparisons = (text: string): string[] =>
  [...text.matchAll(new RegExp(forms.join('|'), 'g'))].map(
    ({ 0: found, index }) => `${text.slice(0, index).split('\n').length}: ${found}`,
  );

/** The same words, of something else: the sign of life of a sandbox, and a program whose version is asked for. */
const others: Record<string, string> = {
  'launch.ts': "event.type !== 'heartbeat'",
  'versions.ts': "name === 'ipvsadm'",
};

const namesKinds = ['lab/directors/', 'src/model/kinds.ts', 'src/model/director-traits.ts'];

async function sources(): Promise<string[]> {
  const found = await Promise.all(
    ['src', 'lab', 'suites'].map(async (room) =>
      (await readdir(join(packageRoot, room), { recursive: true })).map((path) => `${room}/${path}`),
    ),
  );
  return found
    .flat()
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .filter((path) => !namesKinds.some((known) => path.startsWith(known)));
}

it('no source compares with a kind of director by name', async () => {
  const paths = await sources();
  expect(paths.length).toBeGreaterThan(500);
  const found = await Promise.all(
    paths.map(async (path) => {
      const text = await readFile(join(packageRoot, path), 'utf8');
      return comparisons(text.replace(others[basename(path)] ?? '', '')).map((one) => `${path}:${one}`);
    }),
  );
  expect(found.flat()).toEqual([]);
});

describe('a comparison is found', () => {
  it.each([
    "if (spec.director.kind === 'nftables') return;",
    "if (spec.director.kind !==\n  'keepalived') return;",
    'if ("ipvsadm" === kind) return;',
    "switch (kind) { case 'ldirectord': }",
    "['keepalived', 'heartbeat'].includes(kind)",
    "['keepalived'].includes(kind)",
    "new Set<DirectorKind>(['keepalived',\n  'heartbeat']).has(kind)",
    "kinds.includes('ipvsadm')",
  ])('%s', (text) => {
    expect(comparisons(text)).toHaveLength(1);
  });

  it.each([
    "director: { kind: 'ipvsadm' }",
    "driver.kind === 'netns'",
    "directorKeys.includes('heartbeat')",
    "['ipvsadm', '-Ln']",
  ])('not: %s', (text) => {
    expect(comparisons(text)).toEqual([]);
  });
});
