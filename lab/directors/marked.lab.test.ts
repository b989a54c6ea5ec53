import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestFolder } from '../../src/cli/testing/drlab.ts';
import { runExample } from '../../src/cli/testing/examples.ts';

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

const run = (lab: string, ...checks: string[]) => runExample(folder, lab, checks);

it('takes two ports as one by firewall mark', async () => {
  const { ended, record } = await run('marked', 'STA-01', 'PP-16', 'PP-20', 'PST-01', 'PST-08');
  expect(record.results.map(({ id, verdict }) => [id, verdict])).toEqual(
    ['STA-01', 'PP-16', 'PP-20', 'PST-01', 'PST-08'].map((id) => [id, 'pass']),
  );
  expect(record.unsettled).toBeUndefined();
  expect(ended.code).toBe(0);
});

it('names the director that does not mark a port, and the rule that it lacks', async () => {
  const { ended, record } = await run('marked-broken', 'PP-20');
  expect(ended.code).toBe(1);
  expect(record.results.find(({ id }) => id === 'PP-20')).toMatchObject({
    verdict: 'fail',
    cause: expect.stringMatching(/packets to port 443 are not marked on lb1/),
    remedy: expect.arrayContaining([
      {
        on: 'lb1',
        run: expect.stringMatching(/^iptables-legacy -t mangle -A PREROUTING .* --dport 443 -j MARK/),
      },
    ]),
  });
});

it.each([
  ['dns', 'PP-12'],
  ['sip', 'PST-07'],
])('judges %s as it is', async (lab, check) => {
  const { ended, record } = await run(lab, 'STA-01', check);
  expect(record.results.map(({ id, verdict }) => [id, verdict])).toEqual([
    ['STA-01', 'pass'],
    [check, 'pass'],
  ]);
  expect(ended.code).toBe(0);
});

it.each([
  ['dns-broken', 'PP-26', 'ns3'],
  ['sip-broken', 'PP-26', 'pbx3'],
])('names the host of %s', async (lab, check, host) => {
  const { ended, record } = await run(lab, check);
  expect(ended.code).toBe(1);
  expect(record.results.find(({ id }) => id === check)).toMatchObject({
    verdict: 'fail',
    cause: expect.stringContaining(host),
  });
});
