import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRecord } from '../../model/stored/record.ts';
import { drlab, TestFolder } from '../testing/drlab.ts';
import { Starved } from '../testing/starved.ts';

/** A sandbox that gets a tenth of one CPU, in real time: what cannot be measured has no verdict, and none is wrong. */

const share = 0.1;
/** All that runs by default takes half an hour here. */
const all = process.env.DRLAB_STARVED === 'all';
const [lab, asked] = all ? ['default', []] : ['minimal', ['ARP-11', 'PP-16', 'RP-01']];

let folder: TestFolder;
let starved: Starved | string;
beforeAll(async () => {
  folder = await TestFolder.create();
  starved = Starved.create(share);
});
afterAll(async () => {
  if (typeof starved !== 'string') await starved[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function verdictsOf(out: string, ids: string[], of: string, group: Starved) {
  const before = group.throttled();
  const { stderr } = await drlab(['run', ...ids, '--lab', of, '--time', 'real', '--out', out], {
    prefix: group.prefix,
  });
  expect(stderr).toBe('');
  expect(group.throttled()).toBeGreaterThan(before);
  const { results } = await readRecord(out);
  for (const id of ids) expect(results.map((one) => one.id)).toContain(id);
  return results.map(({ id, verdict, seen, reason }) => ({ id, verdict, said: seen ?? reason }));
}

it('calls nothing wrong that is right', async ({ skip }) => {
  if (typeof starved === 'string') return skip(starved);
  const said = await verdictsOf(folder.at('sound'), asked, lab, starved);
  expect(said).not.toEqual([]);
  expect(said.filter(({ verdict }) => !['pass', 'inconclusive', 'unsupported'].includes(verdict))).toEqual(
    [],
  );
});

it('calls nothing right that is wrong', async ({ skip }) => {
  if (typeof starved === 'string') return skip(starved);
  const file = folder.at('broken.yaml');
  const hook = 'ip netns exec rs2 ip addr del 198.18.0.100/32 dev lo';
  await writeFile(
    file,
    `name: broken
directors: 1
realServers: 3
clients: 1
services: [{ vip: 198.18.0.100, port: 80, scheduler: rr }]
hooks: { afterApply: ["${hook}"] }
`,
  );
  const said = await verdictsOf(folder.at('broken'), ['PP-16'], file, starved);
  expect(said.filter(({ verdict }) => verdict !== 'fail' && verdict !== 'inconclusive')).toEqual([]);
});
