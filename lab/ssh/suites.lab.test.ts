import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { asset } from '../../src/util/root.ts';
import { Outer } from '../sandbox/testing/outer-process.ts';

const root = { name: 'root', prefix: [], uid: 0, gid: 0 };

/** One of each kind: captures, crafted frames, tables, counters, neighbours, what asks of every host, and what is set on them. */
const asked = [
  'ARP-01',
  'ARP-02',
  'ARP-03',
  'ARP-06',
  'PP-01',
  'PP-02',
  'PP-05',
  'PP-06',
  'PP-07',
  'PP-16',
  'RP-01',
  'RP-02',
  'VIP-01',
  'CT-01',
  'STA-01',
  'STA-02',
];

// The kernels differ, and with them the director: IPVS is in User-Mode Linux, nftables wherever this runs.
it.each([
  ['nftables', 'host'],
  ['ipvsadm', 'uml'],
])('ARP and packet path pass over ssh, with %s (%s), and leave nothing', async (director, sandbox) => {
  await using outer = await Outer.create(root);
  const record = join(outer.dir, 'run');
  const script = `sh lab/ssh/testing/suites.sh ${director} ${record} ${asked.join(' ')}`;
  const { console: said } = await outer.run(sandbox, script, {
    cwd: dirname(asset('package.json')),
    env: { PATH: process.env.PATH ?? '', HOME: outer.dir, TMPDIR: '/run/tmp' },
    memoryMiB: 2048,
  });
  expect(said).toMatch(/ended with 0\n/);
  expect(said).toMatch(/\{"unlike":\[\]\}/);
  const { results } = JSON.parse(readFileSync(join(record, 'run.json'), 'utf8'));
  const verdicts = results.map(({ id, verdict }: { id: string; verdict: string }) => [id, verdict]);
  const passed = verdicts.filter(([, verdict]: string[]) => verdict === 'pass');
  expect(verdicts.filter(([, verdict]: string[]) => verdict !== 'pass' && verdict !== 'unsupported')).toEqual(
    [],
  );
  expect(passed.length).toBeGreaterThanOrEqual(director === 'ipvsadm' ? asked.length : 10);
});
