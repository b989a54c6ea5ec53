import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drlab, TestFolder } from '../../src/cli/testing/drlab.ts';
import { readRecord } from '../../src/model/stored/record.ts';

/** A director whose rules and script are its own, and a real server with its own sysctl.d; no IPVS is needed. */
const files: [path: string, text: string][] = [
  [
    'lab.yaml',
    `name: contained
driver: docker
directors:
  with: nftables
  hosts: [{ name: lb1, mac: "02:0d:00:00:00:01", files: lb1, start: [vip up, nftables] }]
realServers: [{ name: web1, mac: "02:0e:00:00:00:01", files: web }]
`,
  ],
  ['lb1/usr/local/sbin/vip', '#!/bin/sh\n[ "$1" = up ] && ip addr add 198.18.0.100/32 dev eth0\n'],
  [
    'lb1/etc/nftables.conf',
    `flush ruleset
table netdev lvs {
	chain in {
		type filter hook ingress device "eth0" priority 0; policy accept;
		ip daddr 198.18.0.100 tcp dport 80 ether saddr set 02:0d:00:00:00:01 ether daddr set 02:0e:00:00:00:01 fwd to "eth0"
	}
}
`,
  ],
  ['web/etc/sysctl.d/60-lvs.conf', 'net.ipv4.conf.all.arp_ignore = 1\nnet.ipv4.conf.all.arp_announce = 2\n'],
];

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
  for (const [path, text] of files) {
    await mkdir(dirname(folder.at(path)), { recursive: true });
    await writeFile(folder.at(path), text);
  }
  await chmod(folder.at('lb1/usr/local/sbin/vip'), 0o755);
});
afterAll(() => folder[Symbol.asyncDispose]());

it('starts containers on files as they are', async () => {
  const ended = await drlab([
    ...['run', 'STA-01', 'ARP-01', 'ARP-04', 'PP-01'],
    ...['--lab', folder.at('lab.yaml'), '--out', folder.at('run')],
  ]);
  const { results, configs } = await readRecord(folder.at('run'));
  expect(results.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual(
    ['STA-01', 'ARP-01', 'ARP-04', 'PP-01'].map((id) => `${id} pass`),
  );
  expect(configs.filter(({ host }) => host === 'lb1').map(({ name }) => name)).toEqual(
    expect.arrayContaining(['/etc/nftables.conf', '/usr/local/sbin/vip', 'start']),
  );
  expect(ended.code).toBe(0);
});
