import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { asset } from '../../src/util/root.ts';

// `npm run matrix`, with the places alone that there are nowhere else.
it('a matrix has machines over ssh, on this kernel and on one with IPVS, and leaves nothing on them', () => {
  const dir = mkdtempSync(join(tmpdir(), 'drlab-ssh-matrix-'));
  try {
    const places = ['nftables', 'keepalived'].map(
      (kind) => `  - { name: ${kind}, lab: /run/machines/${kind}/lab.yaml }\n`,
    );
    writeFileSync(join(dir, 'places.yaml'), `checks: [ARP-01]\nplaces:\n${places.join('')}`);
    const script = join(dirname(asset('package.json')), 'dist', 'lab', 'ssh', 'testing', 'matrix.js');
    const args = [script, '--places', join(dir, 'places.yaml'), '--out', join(dir, 'out')];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const record = JSON.parse(readFileSync(join(dir, 'out', 'matrix.json'), 'utf8'));
    expect(record.commandLine).toMatch(/^npm run matrix -- /);
    expect(record.places).toMatchObject(
      ['nftables', 'keepalived'].map((director) => ({
        ...{ state: 'done', driver: 'ssh', sandbox: 'none', director },
        cells: [{ id: 'ARP-01', verdict: 'pass' }],
      })),
    );
  } finally {
    rmSync(dir, { recursive: true });
  }
});
