import { describe, expect, it } from 'vitest';
import { type Fact, factsIn, netem, tablesIn } from './index.ts';

const keys = (facts: Fact[]): string[] =>
  facts.map(({ kind, key, value }) => `${kind} ${key}${value === '' ? '' : ` = ${value}`}`);
const inIp = (...lines: string[]): string[] => keys(factsIn(`=== ip\n${lines.join('\n')}\n`));
const inQueues = (...lines: string[]): string[] => keys(factsIn(`=== qdiscs\n${lines.join('\n')}\n`));

describe('links', () => {
  it('have a state, an MTU, an address and ARP', () =>
    expect(
      inIp(
        '2: eth0@if7: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000\\    link/ether 02:0d:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netnsid 0',
      ),
    ).toEqual([
      'link dev eth0 = up',
      'link dev eth0 mtu = 1500',
      'link dev eth0 address = 02:0d:00:00:00:01',
      'link dev eth0 arp = on',
    ]));

  it('may be deaf to ARP, down, or listen to everything', () =>
    expect(
      inIp(
        '3: tunl0@NONE: <NOARP,PROMISC> mtu 1480 qdisc noop state DOWN \\    link/ipip 0.0.0.0 brd 0.0.0.0',
      ),
    ).toEqual([
      'link dev tunl0 = down',
      'link dev tunl0 mtu = 1480',
      'link dev tunl0 arp = off',
      'link dev tunl0 promisc = on',
    ]));

  it('do not count lo, which every host has', () =>
    expect(
      inIp(
        '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN\\    link/loopback 00:00:00:00:00:00',
      ),
    ).toEqual([]));
});

describe('addresses', () => {
  it('are those that somebody set', () =>
    expect(
      inIp(
        '1: lo    inet 198.18.0.100/32 scope global lo\\       valid_lft forever preferred_lft forever',
        '2: eth0    inet 198.18.1.1/15 brd 198.19.255.255 scope global eth0\\       valid_lft forever',
        '2: eth0    inet6 fd00::11/64 scope global nodad \\       valid_lft forever preferred_lft forever',
        '2: eth0    inet 10.0.0.1 peer 10.0.0.2/32 scope global eth0\\       valid_lft forever',
      ),
    ).toEqual([
      'address 198.18.0.100/32 dev lo',
      'address 198.18.1.1/15 dev eth0',
      'address fd00::11/64 dev eth0',
      'address 10.0.0.2/32 dev eth0',
    ]));

  it('are not those of the kernel: of lo, of the link, temporary, of advertisements, still under detection', () =>
    expect(
      inIp(
        '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever',
        '1: lo    inet6 ::1/128 scope host \\       valid_lft forever preferred_lft forever',
        '2: eth0    inet6 fe80::d:ff:fe00:1/64 scope link tentative \\       valid_lft forever',
        '2: eth0    inet6 2001:db8::5/64 scope global temporary dynamic \\       valid_lft 86398sec',
        '2: eth0    inet6 2001:db8::6/64 scope global dynamic mngtmpaddr \\       valid_lft 86398sec',
      ),
    ).toEqual([]));
});

describe('routes', () => {
  it('are set, or derived from addresses', () =>
    expect(
      inIp(
        'default via 198.18.3.1 dev eth0 ',
        '198.18.0.0/15 dev eth0 proto kernel scope link src 198.18.1.1 ',
        '203.0.113.0/24 via 198.18.0.2 dev eth0 proto static metric 20 ',
        'blackhole 10.0.0.0/8 table 100 ',
      ),
    ).toEqual([
      'route default via 198.18.3.1 dev eth0',
      'connected 198.18.0.0/15 dev eth0',
      'route 203.0.113.0/24 via 198.18.0.2 dev eth0',
      'route blackhole 10.0.0.0/8 table 100',
    ]));

  it('are not those of the local table, of the link, of router advertisements, or of BGP', () =>
    expect(
      inIp(
        'local 198.18.0.100 dev lo table local proto kernel scope host src 198.18.0.100 ',
        'broadcast 198.19.255.255 dev eth0 table local proto kernel scope link src 198.18.1.1 ',
        'fe80::/64 dev eth0 proto kernel metric 256 pref medium',
        'multicast ff00::/8 dev eth0 table local proto kernel metric 256 pref medium',
        'default via fe80::1 dev eth0 proto ra metric 1024 expires 1798sec pref medium',
        '198.18.0.100 proto bird metric 32 nexthop via 198.18.0.10 dev eth0 weight 1 nexthop via 198.18.0.11 dev eth0 weight 1 ',
      ),
    ).toEqual([]));
});

describe('neighbours and rules', () => {
  it('are permanent entries, proxies, and rules beside the three of the kernel', () =>
    expect(
      inIp(
        '198.18.0.100 dev eth0 lladdr 02:0e:00:00:00:01 PERMANENT ',
        '198.18.0.7 dev eth0 proxy ',
        '0:\tfrom all lookup local',
        '32765:\tfrom 10.1.0.3 lookup 100',
        '32766:\tfrom all lookup main',
        '32767:\tfrom all lookup default',
      ),
    ).toEqual([
      'neighbour 198.18.0.100 dev eth0 = 02:0e:00:00:00:01',
      'neighbour proxy 198.18.0.7 dev eth0',
      'rule pref 32765 = from 10.1.0.3 lookup 100',
    ]));
});

describe('queues', () => {
  it('are those that somebody attached', () =>
    expect(
      inQueues(
        'qdisc netem 8001: dev eth0 root refcnt 2 limit 1000 delay 5ms  1ms loss 3% rate 100Mbit seed 123',
        'qdisc ingress ffff: dev eth0 parent ffff:fff1 ---------------- ',
        'qdisc tbf 8002: dev p3 root refcnt 2 rate 1Mbit burst 4Kb lat 50ms ',
      ),
    ).toEqual([
      'queue dev eth0 root = netem delay 5000us 1000us loss 3% rate 100000000bit',
      'queue dev eth0 ingress',
      'queue dev p3 root = tbf rate 1Mbit burst 4Kb lat 50ms',
    ]));

  it('are not those of the kernel, whatever its default is', () =>
    expect(
      inQueues(
        'qdisc noqueue 0: dev lo root refcnt 2 ',
        'qdisc mq 0: dev eth0 root ',
        'qdisc fq_codel 0: dev eth0 parent :1 limit 10240p flows 1024 quantum 1514 target 5ms interval 100ms',
        'qdisc pfifo_fast 0: dev ifb0 root refcnt 2 bands 3 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1',
      ),
    ).toEqual([]));

  it('are the same in the words of tc and in those of a lab file', () =>
    expect(netem('limit 5 delay 12.3ms 1.5ms rate 1500Kbit')).toBe(
      netem('delay 12345us 1500us rate 1500000bit'),
    ));
});

describe('filters', () => {
  it('are rules and policies that drop', () =>
    expect(
      keys(
        factsIn(
          '=== iptables-legacy-save\n# Generated\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:mine - [0:0]\n-A INPUT -p tcp -m tcp --dport 81 -j DROP\nCOMMIT\n',
        ),
      ),
    ).toEqual([
      'filter iptables-legacy -t filter -P FORWARD = DROP',
      'filter iptables-legacy -t filter -A INPUT -p tcp -m tcp --dport 81 -j DROP',
    ]));

  it('are not those by which Docker gives containers its name server', () =>
    expect(
      factsIn(
        '=== iptables-legacy-save\n*nat\n:DOCKER_OUTPUT - [0:0]\n-A OUTPUT -d 127.0.0.11/32 -j DOCKER_OUTPUT\n-A DOCKER_OUTPUT -d 127.0.0.11/32 -p udp -j DNAT\n',
      ),
    ).toEqual([]));

  it('are tables of nftables, the same as shown and as written', () => {
    const written = `table netdev drlab {\n chain balance {\n  type filter hook ingress device "eth0" priority 0; policy accept;\n  fwd to "eth0"\n }\n}\n`;
    const shown = `table netdev drlab {\n\tchain balance {\n\t\ttype filter hook ingress device "eth0" priority filter; policy accept;\n\t\tfwd to "eth0"\n\t}\n}\ntable inet x {\n\tchain c {\n\t\tdrop\n\t}\n}\n`;
    const facts = factsIn(`=== nft\n${shown}`);
    expect(facts.map(({ key }) => key)).toEqual(['netdev drlab', 'inet x']);
    expect(tablesIn(written)).toEqual(facts.slice(0, 1));
  });

  it('are no tables that do nothing, or only what Docker needs for names', () => {
    const idle =
      'table ip filter {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy accept;\n\t}\n}\n';
    const docker =
      'table ip nat {\n\tchain DOCKER_OUTPUT {\n\t\tip daddr 127.0.0.11 tcp dport 53 counter dnat to 127.0.0.11:45067\n\t}\n\n\tchain OUTPUT {\n\t\ttype nat hook output priority -100; policy accept;\n\t\tip daddr 127.0.0.11 counter jump DOCKER_OUTPUT\n\t}\n}\n';
    expect(factsIn(`=== nft\n${idle}${docker}`)).toEqual([]);
    const dropping = idle.replace('policy accept', 'policy drop');
    expect(factsIn(`=== nft\n${dropping}`)).toMatchObject([{ key: 'ip filter' }]);
  });
});

describe('IPVS', () => {
  const shown = (rules: string, thresholds = ''): string[] =>
    keys(factsIn(`=== ipvs\n${rules}\n=== thresholds\n${thresholds}\n`));

  it('has services and real servers, with limits that the rules leave out', () =>
    expect(
      shown(
        '-A -t 198.18.0.100:80 -s rr\n-a -t 198.18.0.100:80 -r 198.18.1.1:80 -g -w 1\n-a -t 198.18.0.100:80 -r 198.18.1.2:80 -i -w 2 --tun-type ipip',
        'TCP  198.18.0.100:80 rr\n  -> 198.18.1.1:80                5          2          0          0         \n  -> 198.18.1.2:80                0          0          0          0',
      ),
    ).toEqual([
      'service -t 198.18.0.100:80 = -s rr',
      'destination -t 198.18.0.100:80 -r 198.18.1.1:80 = -g -w 1 -x 5 -y 2',
      'destination -t 198.18.0.100:80 -r 198.18.1.2:80 = -i -w 2',
    ]));

  it('has options in one order, and flags under one name', () =>
    expect(shown('-A -u 198.18.0.100:53 -s sh -p 300 -M 255.255.255.0 --ops -b sh-port,sh-fallback')).toEqual(
      ['service -u 198.18.0.100:53 = -s sh -b flag-1,flag-2 -p 300 -M 255.255.255.0 -o'],
    ));

  it('has timeouts and daemons', () =>
    expect(
      keys(
        factsIn(
          '=== timeouts\nTimeout (tcp tcpfin udp): 3 3 3\n=== sync\nmaster sync daemon (mcast=eth0, syncid=51, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)\n=== daemons\nkeepalived running\nkeepalived running\nldirectord running\nldirectord stopped\nldirectord running\n',
        ),
      ),
    ).toEqual([
      'timeouts --set = 3 3 3',
      'sync master = --mcast-interface eth0 --syncid 51',
      'daemon keepalived = running',
      'daemon ldirectord = stopped',
    ]));

  it('may be missing from the kernel', () => expect(factsIn('=== timeouts\n=== sync\n')).toEqual([]));
});

it('sysctls are spelt as sysctl(8) does', () =>
  expect(
    factsIn('=== sysctls\nnet/ipv4/conf/eth0.5/rp_filter=0\nnet/ipv4/ip_local_port_range=32768 60999\n'),
  ).toEqual([
    { kind: 'sysctl', key: 'net.ipv4.conf.eth0/5.rp_filter', value: '0' },
    { kind: 'sysctl', key: 'net.ipv4.ip_local_port_range', value: '32768 60999' },
  ]));
