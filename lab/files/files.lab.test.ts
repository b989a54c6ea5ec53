import { appendFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drlab, TestFolder } from '../../src/cli/testing/drlab.ts';
import { readRecord } from '../../src/model/stored/record.ts';
import { asset } from '../../src/util/root.ts';

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
  await cp(asset('lab/examples'), folder.at('examples'), { recursive: true });
});
afterAll(() => folder[Symbol.asyncDispose]());

const run = async (lab: string, ...checks: string[]) => {
  const out = folder.at(lab);
  const ended = await drlab(['run', ...checks, '--lab', folder.at(`examples/${lab}.yaml`), '--out', out]);
  return { ended, record: await readRecord(out) };
};

it('runs two directors and two real servers on files as they are', async () => {
  const { ended, record } = await run('shop', 'STA-01', 'ARP-01', 'ARP-04', 'PP-01');
  expect(record.results.map(({ id, verdict }) => [id, verdict])).toEqual(
    ['STA-01', 'ARP-01', 'ARP-04', 'PP-01'].map((id) => [id, 'pass']),
  );
  expect(ended.code).toBe(0);
  expect(record.unsettled).toBeUndefined();
  const config = (host: string) =>
    record.configs.find((one) => one.host === host && one.name === '/etc/keepalived/keepalived.conf')?.text;
  expect(config('lb1')).toMatch(/^! lb1: .*\n.*\t\tauth_pass\t\*{8}\n/s);
  expect(config('lb2')).toMatch(/\tpriority\t\t100\n/);
});

it('names the host whose sysctl.d is wrong', async () => {
  const { ended, record } = await run('shop-broken', 'ARP-01', 'ARP-04');
  expect(ended.code).toBe(1);
  expect(record.results.find(({ id }) => id === 'ARP-04')).toMatchObject({
    verdict: 'fail',
    cause: expect.stringMatching(/web2: arp_ignore is 0, and 1 on lo/),
    remedy: expect.arrayContaining([
      { on: 'web2', run: expect.stringMatching(/^sysctl -w net\.ipv4\.conf\.all\.arp_ignore=1/) },
    ]),
  });
});

it('tells once of a file that is refused, with file and line', async () => {
  await mkdir(folder.at('examples/odd/etc/sysctl.d'), { recursive: true });
  await writeFile(folder.at('examples/odd/etc/sysctl.d/9.conf'), '# one\nnet.ipv4.ip_forward = many\n');
  await writeFile(
    folder.at('examples/odd.yaml'),
    'name: odd\nrealServers: [{ name: web1, files: odd }, {}]\n',
  );
  const { ended, record } = await run('odd', 'ARP-01', 'PP-01');
  expect(ended.code).toBe(65);
  expect(record.results).toEqual([]);
  expect(record.faults).toHaveLength(1);
  expect(record.faults[0]?.message).toMatch(
    /odd\.yaml:2:\d+: realServers\[0\]\.files on web1: «sysctl .*» ended with \d+: .*ip_forward.*\/etc\/sysctl\.d\/9\.conf:2/s,
  );
});

it('tells once of a daemon that ends on its file, and lets hooks see the files of a host', async () => {
  const conf = folder.at('examples/shop/lb1/etc/keepalived/keepalived.conf');
  await writeFile(conf, (await readFile(conf, 'utf8')).replace(/interface\s+eth0/, 'interface ens192'));
  const hook =
    'hooks: { afterApply: ["ip netns exec lb2 grep -q \'lb2: keepalived\' /etc/keepalived/keepalived.conf"] }';
  await appendFile(folder.at('examples/shop.yaml'), `${hook}\n`);
  const { ended, record } = await run('shop', 'ARP-01');
  expect(ended.code).toBe(65);
  expect(record.faults).toHaveLength(1);
  expect(record.faults[0]?.message).toMatch(
    /shop\.yaml:\d+:\d+: directors\.hosts\[0\]\.files on lb1: .*interface ens192.* doesn't exist.*keepalived\.conf:\d+/s,
  );
});
