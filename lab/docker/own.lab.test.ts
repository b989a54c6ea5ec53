import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/model/record.ts';
import { noDockerd } from './testing/daemon.ts';
import { ran } from './testing/neighbourhood.ts';

const reason = noDockerd();
if (reason) process.stderr.write(`labs of containers are not tested here: ${reason}\n`);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drlab-docker-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(reason)('in a Docker of its own', () => {
  test('the default lab is conformant, with an nftables director on the kernel of this machine', async () => {
    const out = join(folder, 'own');
    const { code, said } = await ran(
      'run',
      'arp',
      'path',
      '--lab',
      'docker',
      '--sandbox',
      'host',
      '--out',
      out,
    );
    expect(said).toMatch(/Conformant/);
    expect(code).toBe(0);
    const record = JSON.parse(await readFile(join(out, 'run.json'), 'utf8')) as RunRecord;
    const passed = record.results.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);
    expect(passed).toEqual(expect.arrayContaining(['ARP-01', 'PP-01']));
    expect(record.results.filter(({ verdict }) => !['pass', 'unsupported'].includes(verdict))).toEqual([]);
  });
});
