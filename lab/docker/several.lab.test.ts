import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/model/record.ts';
import { compiled } from '../../src/util/root.ts';
import { noDockerd } from './testing/daemon.ts';

/** A lab on two Docker hosts with a LAN between them, in a sandbox that is thrown away: see testing/several.ts. */
const setUp =
  'mount --make-rprivate / && mount -t tmpfs -o mode=755 run /run && mkdir /run/netns && ip link set lo up && "$@"';

describe.skipIf(noDockerd())('a lab on two Docker hosts, over tcp:// and ssh://', () => {
  let folder: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the program prints, looked at field by field
  let seen: any;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'drlab-several-'));
    const program = [process.execPath, compiled('lab/docker/testing/several.js'), folder, 'arp', 'path'];
    const argv = ['-mnpf', '--mount-proc', '--kill-child', 'sh', '-c', setUp, 'sh', ...program];
    seen = JSON.parse(execFileSync('unshare', argv, { encoding: 'utf8', timeout: 200_000 }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is conformant', () => {
    expect(seen.said).toMatch(/Conformant/);
    expect(seen.code, seen.said).toBe(0);
    const { results } = JSON.parse(readFileSync(join(folder, 'run', 'run.json'), 'utf8')) as RunRecord;
    const other = results.filter(({ verdict }) => !['pass', 'unsupported'].includes(verdict));
    expect(other.map(({ id, verdict }) => [id, verdict])).toEqual([]);
    const passed = results.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);
    expect(passed).toEqual(expect.arrayContaining(['ARP-01', 'PP-01', 'RP-01', 'VIP-01']));
  });

  test('has each host where its lab file says', () => {
    const hosts = seen.where.map((names: string[]) => names.map((name) => name.replace(/^drlab-[^-]+-/, '')));
    expect(hosts).toEqual([
      ['c1', 'd1', 'rs1', 'wire'],
      ['c2', 'rs2', 'wire'],
    ]);
  });

  test('leaves nothing on either', () => expect(seen.after).toEqual(seen.before));
});
