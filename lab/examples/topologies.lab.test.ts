import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestFolder } from '../../src/cli/testing/drlab.ts';
import { runExample } from '../../src/cli/testing/examples.ts';

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

// Of each topology what its mistake touches, and what would be the first to take the topology itself for one.
it.each([
  [
    'two-nic-directors',
    ['PP-16', 'RP-01', 'TOP-01', 'TOP-03'],
    { host: 'web_02', cause: /^web_02 answers \S+ through \S+ \(via 198\.18\.20\.11\), a director/ },
  ],
  [
    'another-gateway',
    ['PP-16', 'RP-01', 'RP-04', 'RP-09'],
    { host: 'app2.back.example', cause: /^app2\.back\.example has no route back to the client/ },
  ],
  ['cloud-fabric', ['PP-16', 'FW-11', 'PP-13'], { host: 'app-2', cause: /app-2/ }],
  [
    'tunnels',
    ['PP-05', 'PP-13', 'PP-16', 'PP-24', 'RP-04'],
    { host: 'app2', cause: /^the reverse path filter of app2 drops what comes for the VIP/ },
  ],
])('%s is right, and its broken twin is told by host and cause', async (lab, checks, { host, cause }) => {
  const right = await runExample(folder, lab, checks);
  expect(
    right.record.results.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'unsupported'),
  ).toEqual([]);
  expect(right.ended.code).toBe(0);

  const broken = await runExample(folder, `${lab}-broken`, checks);
  expect(broken.ended.code).toBe(1);
  const [root] = broken.record.results.filter(({ verdict, because }) => verdict === 'fail' && !because);
  expect(root?.cause).toMatch(cause);
  expect(root?.remedy?.some((step) => 'on' in step && step.on === host)).toBe(true);
});
