import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { drlab, startCommand } from '../testing/drlab.ts';
import { House } from '../testing/house.ts';

/** What is mounted below /tmp outside (a checkout, a container's volume) is there for hooks, though /tmp itself is private. */
it.each([
  ['host', 'nftables'],
  ['uml', 'ipvsadm'],
])('a hook in the sandbox %s reads what is mounted below /tmp', async (sandbox, kind) => {
  await using house = await House.create();
  const mounting = `mkdir '/tmp/a b' && mount -t tmpfs below '/tmp/a b' && echo volume >'/tmp/a b/file'`;
  await startCommand(['sh', '-ec', mounting], { prefix: house.prefix }).ended;
  const hook = `grep volume '/tmp/a b/file' && touch /tmp/private`;
  writeFileSync(
    house.at('/tmp/lab.yaml'),
    `directors: { count: 1, with: ${kind} }\nhooks: { afterApply: [ "${hook}" ] }\n`,
  );
  const args = ['run', 'ARP-01', '--lab', '/tmp/lab.yaml', '--sandbox', sandbox, '--out', '/tmp/out'];
  const { code, stdout } = await drlab(args, { prefix: house.prefix, env: { HOME: '/tmp/home' } });
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('✓ ARP-01') });
  expect(await house.traces()).not.toContainEqual(expect.stringContaining('/tmp/private'));
});
