import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecord } from '../../model/stored/record.ts';
import { packageRoot } from '../../util/root.ts';
import { drlab, TestFolder } from '../testing/drlab.ts';

/** No root needed. These tests become somebody else where root runs them. */

const isRoot = process.getuid?.() === 0;
const uid = isRoot ? 1000 : (process.getuid?.() ?? 1000);
const become = isRoot
  ? ['setpriv', `--reuid=${uid}`, '--regid=1000', '--clear-groups', '--no-new-privs']
  : [];
const canRead = spawnSync('setpriv', [
  ...become.slice(1),
  'test',
  '-r',
  `${packageRoot}/dist/src/cli/main.js`,
]);

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
  await mkdir(folder.at('home'));
  await mkdir(folder.at('out'));
  if (isRoot) for (const dir of ['home', 'out']) await chown(folder.at(dir), uid, 1000);
});
afterAll(() => folder[Symbol.asyncDispose]());

const missing = canRead.status === 0 ? '' : `: skipped, user ${uid} may not read ${packageRoot}`;

describe.skipIf(missing)(`an ordinary user${missing}`, () => {
  const options = () => ({
    prefix: become,
    env: { HOME: folder.at('home'), XDG_STATE_HOME: folder.at('home', 's') },
  });

  const asked = ['ARP-01', 'ARP-03', 'ARP-06', 'PP-16', 'VIP-01'];
  it.each([
    { sandbox: 'uml', lab: 'minimal' },
    { sandbox: 'host', lab: 'nftables' },
  ])('runs lab $lab in the $sandbox sandbox', async ({ sandbox, lab }) => {
    const out = folder.at('out', lab);
    const args = ['run', ...asked, '--lab', lab, '--sandbox', sandbox, '--out', out];
    const { code, stdout, stderr } = await drlab(args, options());
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    const { results, hosts, fidelity } = await readRecord(out);
    expect(fidelity.sandbox).toBe(sandbox);
    expect(results.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThanOrEqual(4);
    expect(hosts.length).toBeGreaterThanOrEqual(4);
    for (const name of ['run.json', 'report.html', 'evidence'])
      expect(statSync(folder.at('out', lab, name)).uid, name).toBe(uid);
  });

  it('keeps a lab up between commands', async () => {
    const lab = (...args: string[]) => drlab(['lab', ...args], options());
    expect((await lab('up', '--lab', 'nftables')).code).toBe(0);
    const answer = await lab('exec', 'c1', 'curl', '-s', '--max-time', '5', 'http://198.18.0.100/');
    const down = await lab('down');
    expect(answer).toMatchObject({ code: 0, stdout: expect.stringMatching(/^rs[123]\b/) });
    expect(down.code).toBe(0);
  });

  it.runIf(isRoot)('is told where it may not write', async () => {
    const { code, stderr } = await drlab(
      ['run', 'arp', '--lab', 'nftables', '--out', folder.at('elsewhere')],
      options(),
    );
    expect({ code, stderr }).toEqual({
      code: 64,
      stderr: expect.stringMatching(/cannot write to .*\n.*--out DIR/),
    });
  });
});
