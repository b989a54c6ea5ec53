import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { Outer } from '../sandbox/testing/outer-process.ts';
import { asset } from '../servers/paths.ts';

const root = { name: 'root', prefix: [], uid: 0, gid: 0 };

// The kernels differ, and with them the director: IPVS is in User-Mode Linux, nftables wherever this runs.
it.each([
  ['nftables', 'host'],
  ['ipvsadm', 'uml'],
])('the suites arp and path pass over ssh, with %s (%s), and leave nothing', async (director, sandbox) => {
  await using outer = await Outer.create(root);
  const record = join(outer.dir, 'run');
  const script = `sh lab/ssh/testing/suites.sh ${director} ${record} arp path`;
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
  expect(passed.length).toBeGreaterThan(director === 'ipvsadm' ? 18 : 12);
});
