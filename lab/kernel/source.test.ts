import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LabUnavailable, UsageError } from '../../src/util/errors.ts';
import { kernelSource } from './source.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'drlab-source-'));
  vi.stubEnv('PATH', `${dir}:${process.env.PATH}`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true });
});

/** Like the real one it takes a name that it does not know as a regular expression, and lists names that it only heard of. */
async function aptKnows(packages: Record<string, string>): Promise<void> {
  const path = join(dir, 'apt-cache');
  const lines = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  await writeFile(
    path,
    `#!/usr/bin/perl
my %known = map { split } split /\n/, '${lines.join('\n')}';
my ($command, @names) = grep { !/^--/ } @ARGV;
if ($command eq 'pkgnames') { print map { "$_\n" } 'linux-source-4.19', sort keys %known; exit }
for my $name (@names) {
  my @found = exists $known{$name} ? $name : grep { /$name/ } sort keys %known;
  print "Package: $_\nVersion: $known{$_}\n\n" for @found;
}
`,
  );
  await chmod(path, 0o755);
}

it('takes a series, and a package by its name', async () => {
  await aptKnows({ 'linux-source-6.1': '6.1.176-1', 'linux-source-6.12': '6.12.7-1' });
  const source = { from: 'linux-source-6.1', version: '6.1.176-1', tree: false };
  expect(await kernelSource('6.1')).toEqual(source);
  expect(await kernelSource('linux-source-6.1')).toEqual(source);
});

it('takes no other package for one that there is not, and says which there are', async () => {
  await aptKnows({
    'linux-source-6.16': '6.16.3-1',
    'linux-source-6.12': '6.12.7-1',
    'linux-source': '6.12.7-1',
  });
  await expect(kernelSource('linux-source-6.1')).rejects.toMatchObject({
    constructor: LabUnavailable,
    message: 'apt knows no package linux-source-6.1; it knows linux-source-6.12, linux-source-6.16',
    hint: expect.stringMatching(/^drlab kernel build --source linux-source-6\.16;/),
  });
});

it('says it where there are no kernel sources at all', async () => {
  await aptKnows({});
  await expect(kernelSource('6.1')).rejects.toThrow(
    'apt knows no package linux-source-6.1, and no other with kernel sources',
  );
});

it('builds from a kernel tree and from no other folder', async () => {
  await expect(kernelSource(dir)).rejects.toThrow(UsageError);
});
