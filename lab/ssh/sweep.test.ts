import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sweepSsh } from './sweep.ts';

let stateDir = '';
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'drlab-sweep-'));
});
afterEach(() => rmSync(stateDir, { recursive: true }));

it('a ledger that does not say where its machine is, is told with what to do', async () => {
  const folder = join(stateDir, 'lab-1');
  mkdirSync(folder);
  writeFileSync(join(folder, 'd1.json'), JSON.stringify({ host: 'd1', machine: { address: '10.0.0.1' } }));
  expect(await sweepSsh({ stateDir })).toEqual([
    {
      ...{ host: 'd1', address: 'unknown', ledger: join(folder, 'd1'), outcome: 'failed' },
      why: expect.stringMatching(/d1\.json: machine\.port: .* Run .*d1\.sh on the machine by hand/),
    },
  ]);
});
