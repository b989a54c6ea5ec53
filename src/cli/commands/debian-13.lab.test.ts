import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { debianRoot, inRoot, madeRoot } from '../../../lab/sandbox/testing/debian-root.ts';
import { readRecord } from '../../model/stored/record.ts';
import { startCommand, TestFolder } from '../testing/drlab.ts';

/** Debian 13, whose mount, kernel and keepalived are newer, whatever Debian this machine has. */

const debian = await debianRoot('trixie');
const why = 'none' in debian ? ` (not run: ${debian.none})` : '';

let folder: TestFolder;
let root = '';
beforeAll(async () => {
  folder = await TestFolder.create();
  if (!('none' in debian)) root = await madeRoot(debian);
}, 900_000);
afterAll(() => folder[Symbol.asyncDispose]());

it.skipIf(why !== '')(`runs a pair of directors in User-Mode Linux on Debian 13${why}`, async () => {
  const mountsBefore = readFileSync('/proc/self/mountinfo', 'utf8');
  const asked = ['ARP-01', 'ARP-09', '--lab', 'default', '--sandbox', 'uml', '--out', '/mnt/out'];
  const drlab = ['/usr/bin/node', '/mnt/drlab/dist/src/cli/main.js', 'run', ...asked];
  const { stdout, stderr } = await startCommand(drlab, { prefix: inRoot(root, folder.path) }).ended;
  expect(stderr, stdout).toBe('');
  const { results, versions } = await readRecord(folder.path);
  expect(versions['kernel in the sandbox']).toMatch(/^6\.12\./);
  const verdicts = Object.fromEntries(results.map(({ id, verdict }) => [id, verdict]));
  expect(verdicts, stdout).toEqual({
    'ARP-01': 'pass',
    'ARP-09': expect.stringMatching(/^(pass|inconclusive)$/),
  });
  for (const director of ['d1', 'd2']) {
    const log = readFileSync(folder.at('evidence', 'ARP-09', `${director}-keepalived.log`), 'utf8');
    expect(log, director).toContain('Startup complete');
  }
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).toBe(mountsBefore);
});
