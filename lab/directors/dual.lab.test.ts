import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestFolder } from '../../src/cli/testing/drlab.ts';
import { runExample } from '../../src/cli/testing/examples.ts';

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

const run = (lab: string, ...checks: string[]) => runExample(folder, lab, checks);

const judged = ['STA-01', 'ARP-01', 'PP-16', 'ND-01', 'PP-03@ipv6', 'PP-05@ipv6', 'PP-14@ipv6', 'PP-17'];

it('serves both families, and says which was judged for which', async () => {
  const { ended, record } = await run('dual-stack', ...judged);
  expect(record.unsettled).toBeUndefined();
  const verdicts = new Map(record.results.map(({ id, verdict, stage }) => [id, [verdict, stage?.id]]));
  for (const id of judged) expect([id, verdicts.get(id)]).toEqual([id, ['pass', undefined]]);
  const of = (id: string) => record.results.find((one) => one.id === id);
  expect(of('ARP-01')?.families).toEqual([4]);
  expect(of('ND-01')?.families).toEqual([6]);
  expect(of('PP-16')?.families).toBeUndefined();
  expect(of('PP-16')?.vantages?.map(({ from }) => from)).toEqual([
    'c1, to tcp 198.18.0.100:80',
    'c1, to tcp [2001:db8:0:1::100]:80',
  ]);
  expect(ended.code).toBe(0);
  expect(ended.stdout.replaceAll(/\s+/g, ' ')).toMatch(/IPv6 services are judged by \d+ checks/);
});

it('names the real server that answers for the IPv6 VIP, and how to silence it', async () => {
  const { ended, record } = await run('dual-stack-broken', 'ARP-01', 'ND-01');
  expect(ended.code).toBe(1);
  expect(record.results.find(({ id }) => id === 'ARP-01')?.verdict).toBe('pass');
  expect(record.results.find(({ id }) => id === 'ND-01')).toMatchObject({
    verdict: 'fail',
    cause: expect.stringMatching(/the VIP is on eth0 of web2, where the kernel advertises it/),
    remedy: expect.arrayContaining([{ on: 'web2', run: 'ip -6 addr flush dev eth0 to 2001:db8:0:1::100' }]),
  });
});
