import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drlab, type Ended, TestFolder } from '../../src/cli/testing/drlab.ts';
import type { CheckResult } from '../../src/model/record.ts';
import { readRecord } from '../../src/model/stored/record.ts';

/** One program changes a lab as soon as it is configured, and another once the first connection has passed. */
const lab = `name: drifting
directors: 1
realServers: 2
hooks:
  afterApply:
    - ip netns exec d1 ipvsadm --set 3 3 3
    - >-
      ip netns exec d1 sh -c 'until [ $(wc -l </proc/net/ip_vs_conn) -gt 1 ]; do sleep 0.05; done;
      ip addr add 203.0.113.9/32 dev eth0' >/dev/null 2>&1 </dev/null &
`;

let folder: TestFolder;
let ended: Ended;
let results: CheckResult[];
beforeAll(async () => {
  folder = await TestFolder.create();
  await writeFile(folder.at('lab.yaml'), lab);
  ended = await drlab([
    'run',
    'STA',
    'PP-01',
    'PP-16',
    '--lab',
    folder.at('lab.yaml'),
    '--out',
    folder.at('run'),
  ]);
  results = (await readRecord(folder.at('run'))).results;
});
afterAll(() => folder[Symbol.asyncDispose]());

const resultOf = (id: string): CheckResult | undefined => results.find((one) => one.id === id);

it('tells what differs after applying, beside behaviour that is right', () => {
  expect(resultOf('PP-16')).toMatchObject({ verdict: 'pass' });
  expect(resultOf('STA-01')).toMatchObject({
    verdict: 'warn',
    seen: 'the timeouts of IPVS of d1 are 3 3 3, not 900 120 300',
    cause: expect.stringMatching(
      /^differs from the lab file: .*a hook of the lab or another program did it$/,
    ),
    remedy: [{ on: 'd1', run: 'ipvsadm --set 900 120 300' }],
  });
});

it('tells after the other checks what has changed since', () =>
  expect(resultOf('STA-02')).toMatchObject({
    verdict: 'warn',
    seen: 'd1 has the address 203.0.113.9/32 dev eth0, which it should not have',
    remedy: [{ on: 'd1', run: 'ip addr del 203.0.113.9/32 dev eth0' }],
  }));

it('is a warning, which the terminal shows', () => {
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout).toMatch(/! STA-01 /);
  expect(ended.stdout).toMatch(/differs from the lab file: the timeouts of IPVS of d1 are 3 3 3/);
});
