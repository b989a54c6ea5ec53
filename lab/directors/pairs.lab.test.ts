import { writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { drlab, TestFolder } from '../../src/cli/testing/drlab.ts';

/** Ready-made and small labs in which the daemons of directors do what their golden texts only promise. */

const inLab = async (lab: string, script: string): Promise<string> => {
  const { code, stdout, stderr } = await drlab(['lab', 'shell', '--lab', lab, '--', 'sh', '-c', script]);
  expect({ code, unsettled: /did not settle.*/.exec(stdout + stderr)?.[0] }).toEqual({
    code: 0,
    unsettled: undefined,
  });
  return stdout;
};

it('keepalived: each of two is active for one VIP, by unicast, and connections are synchronised', async () => {
  const seen = await inLab(
    'ha',
    `for d in d1 d2; do ip netns exec $d sh -c 'ip -4 -o addr show dev eth0; ipvsadm --list --daemon'; done
     timeout 10 ip netns exec d2 tcpdump -c 3 -nni eth0 proto 112 2>/dev/null
     for vip in 100 101; do ip netns exec c1 curl -s --max-time 5 http://198.18.0.$vip/; done`,
  );
  const [first = '', second = ''] = seen.split('master sync daemon');
  expect(first).toContain('198.18.0.100/32');
  expect(first).not.toContain('198.18.0.101/32');
  expect(second).toMatch(/syncid=51.*198\.18\.0\.101\/32.*backup sync daemon \(mcast=eth0, syncid=51/s);
  expect(second).toMatch(/198\.18\.0\.1[01] > 198\.18\.0\.1[01]: VRRPv3/);
  expect(second.match(/^rs[12] 198\.18\.250\.1$/gm)).toHaveLength(2);
});

it('ldirectord: serves by the real servers that answer, and falls back when none does', async () => {
  await using folder = await TestFolder.create();
  await writeFile(
    folder.at('lab.yaml'),
    `directors: { with: ldirectord, healthCheck: { check: http, retries: 0 } }
realServers: 2
services: [{ realServers: [rs1], sorryServer: rs2 }]`,
  );
  const seen = await inLab(
    folder.at('lab.yaml'),
    `ask() { ip netns exec c1 curl -s --max-time 5 http://198.18.0.100/; }
     served_by() { tries=0; until ask | grep "$1" || [ $tries -ge 60 ]; do tries=$((tries + 1)); sleep 0.5; done; }
     served_by rs1
     ip netns exec rs1 iptables-legacy -I INPUT -s 198.18.0.10 -p tcp -j REJECT --reject-with tcp-reset
     served_by rs2`,
  );
  expect(seen).toMatch(/(^|\n)rs1 198\.18\.250\.1\nrs2 198\.18\.250\.1\n$/);
});
