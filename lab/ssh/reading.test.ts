import { describe, expect, it } from 'vitest';
import { provenanceScript } from '../base/provenance.ts';
import { settleScript } from '../base/settle.ts';
import { labOf } from '../base/testing/lab-of.ts';
import { whyNotReading } from './reading.ts';

const spec = labOf({ director: { kind: 'ipvsadm' } });

describe('scripts that only read', () => {
  it.each([
    'exec ip -j -4 addr show',
    'exec ip -j -4 neigh show to 198.18.0.100',
    'exec cat /proc/net/ip_vs_conn',
    'exec ipvsadm -Sn',
    "exec 2>&1\necho '# ipvsadm -Ln'; ipvsadm -Ln; echo\nipvsadm -Ln --stats",
    'read a </proc/sys/net/ipv4/conf/all/arp_ignore; echo "$a"',
    'while read -r line; do echo "$line"; done </proc/net/dev',
    'sysctl -n net.ipv4.ip_forward',
    'sysctl net.ipv4.ip_forward',
    'nft list ruleset 2>/dev/null || true',
    "echo 'a > b; rm -rf /'",
  ])('%s', (script) => expect(whyNotReading(script)).toBeUndefined());

  it('provenance of every role', () => {
    for (const host of spec.hosts) expect(whyNotReading(provenanceScript(host))).toBeUndefined();
  });
});

describe('scripts that may change something', () => {
  it.each([
    'rm -rf /tmp/x',
    'exec ip -4 neigh flush all',
    'ip addr add 198.18.0.1/32 dev lo',
    'ip -batch commands',
    "ip -batch - <<'END'\naddr show\nlink set eth0 down\nEND",
    'ip netns exec rs1 sh',
    'ipvsadm -C',
    'ipvsadm -Z',
    'ipvsadm -L --zero',
    'nft -f list',
    'ipvsadm -a -t 198.18.0.100:80 -r 198.18.1.1',
    'sysctl -w net.ipv4.ip_forward=1',
    'sysctl net.ipv4.ip_forward=1',
    'sysctl -p',
    'nft flush ruleset',
    'tc qdisc del dev eth0 root',
    'echo 1 >/proc/sys/net/ipv4/ip_forward',
    'echo 1 >> file',
    'cat x | tee /etc/motd',
    'cat /proc/uptime & reboot',
    'true\nreboot',
    'true || reboot',
    'if true; then reboot; fi',
    'X=1 reboot',
    'exec reboot',
    'echo $(reboot)',
    'echo "$(reboot)"',
    'echo `reboot`',
    'cat <(reboot)',
    'for i in 1 2; do reboot; done',
    '"reboot"',
    "'re'boot",
    're\\boot',
    'eval reboot',
    'echo() { reboot; }; echo',
    "perl -e 'unlink q(x)'",
    'toString',
    "echo 'unfinished",
  ])('%s', (script) => expect(whyNotReading(script)).toEqual(expect.any(String)));

  it('refuses what it does not understand, such as functions', () => {
    expect(whyNotReading(settleScript(spec, { vips: [], ipvsServices: [], withinMs: 1 }))).toMatch(
      /function/,
    );
  });
});
