import { expect, it } from 'vitest';
import { parseFacts } from './provenance.ts';

const lo = '1: lo: <LOOPBACK,UP> mtu 65536\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n';

it('takes the three answers of `ip -batch` apart', () => {
  const routes = 'default via 198.18.0.1 dev eth0\n';
  const addresses = `${lo}    inet 127.0.0.1/8 scope host lo\n2: eth0@if4: <UP>\n`;
  const text = `=== drlab: ip\n198.18.1.4 dev eth0 STALE\n${lo}${routes}${lo}${addresses}=== drlab: qdiscs\nqdisc noqueue\n`;
  expect(parseFacts(text)).toEqual({
    neighbours: '198.18.1.4 dev eth0 STALE',
    routes: routes.trimEnd(),
    addresses: addresses.trimEnd(),
    qdiscs: 'qdisc noqueue',
  });
});

it('spells sysctls as `sysctl` does, values with colons included', () => {
  const text = '=== drlab: sysctls\n/proc/sys/net/ipv4/conf/eth0.5/arp_ignore:1\n/proc/sys/net/x:a:b\n';
  expect(parseFacts(text).sysctls).toBe('net.ipv4.conf.eth0/5.arp_ignore = 1\nnet.x = a:b');
});
