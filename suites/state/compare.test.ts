import { describe, expect, it } from 'vitest';
import { parseLab } from '../../src/model/labfile/index.ts';
import { hostSpec, type LabSpec } from '../../src/model/spec.ts';
import type { Fact } from '../../src/probe/state/index.ts';
import { changes, type Difference, differences, fact, type MeantHost } from './compare.ts';
import { meantOf, meantOfSwitch } from './meant.ts';
import { undo } from './undo.ts';
import { unusualOf } from './unusual.ts';
import { described } from './words.ts';

const lab = (text: string): LabSpec => parseLab(`name: one\n${text}`, 'one.yaml');
const meantOn = (spec: LabSpec, host: string): MeantHost => meantOf(spec, hostSpec(spec, host), []);
/** A host exactly as it is meant. */
const sound = (meant: MeantHost): Fact[] =>
  meant.facts.filter(({ optional }) => !optional).map(({ kind, key, value }) => ({ kind, key, value }));
const withOther = (facts: Fact[], ...others: Fact[]): Fact[] => [
  ...facts.filter((one) => !others.some(({ kind, key }) => kind === one.kind && key === one.key)),
  ...others,
];
const commands = (found: Difference[]): string[] =>
  found.flatMap(undo).map((step) => ('run' in step ? `${step.on}: ${step.run}` : step.advice));

const plain = lab('directors: 1\nrealServers: 2');
const rule = '-t 198.18.0.100:80';

describe('a host that differs', () => {
  const d1 = meantOn(plain, 'd1');
  const rs1 = meantOn(plain, 'rs1');
  const rip = hostSpec(plain, 'rs1').ip;
  const mac = hostSpec(plain, 'rs1').mac;
  const cases: [string, MeantHost, Fact, string, string][] = [
    [
      'timeouts',
      d1,
      fact('timeouts', '--set', '3 3 3'),
      'the timeouts of IPVS of d1 are 3 3 3, not 900 120 300',
      'ipvsadm --set 900 120 300',
    ],
    [
      'persistence',
      d1,
      fact('service', rule, '-s rr -p 300'),
      `in the table of d1 the service ${rule} has a persistence in seconds of 300 instead of none`,
      `ipvsadm -E ${rule} -s rr`,
    ],
    [
      'a weight',
      d1,
      fact('destination', `${rule} -r ${rip}:80`, '-g -w 9'),
      `in the table of d1 rs1 (${rule} -r ${rip}:80) has weight 9 instead of 1`,
      `ipvsadm -e ${rule} -r ${rip}:80 -g -w 1`,
    ],
    [
      'a weight of 0 without anybody who checks',
      d1,
      fact('destination', `${rule} -r ${rip}:80`, '-g -w 0'),
      `in the table of d1 rs1 (${rule} -r ${rip}:80) has weight 0 instead of 1`,
      `ipvsadm -e ${rule} -r ${rip}:80 -g -w 1`,
    ],
    [
      'another service',
      d1,
      fact('service', '-t 198.18.0.100:81', '-s rr'),
      'the table of d1 has the service -t 198.18.0.100:81 (-s rr), which it should not have',
      'ipvsadm -D -t 198.18.0.100:81',
    ],
    [
      'another real server',
      d1,
      fact('destination', `${rule} -r 198.18.9.9:80`, '-g -w 1'),
      `the table of d1 has a real server (${rule} -r 198.18.9.9:80) (-g -w 1), which it should not have`,
      `ipvsadm -d ${rule} -r 198.18.9.9:80`,
    ],
    [
      'a sync daemon',
      d1,
      fact('sync', 'backup', '--mcast-interface eth0 --syncid 1'),
      'd1 has the sync daemon backup (--mcast-interface eth0 --syncid 1), which it should not have',
      'ipvsadm --stop-daemon backup',
    ],
    [
      'an address',
      rs1,
      fact('address', '203.0.113.9/32 dev eth0'),
      'rs1 has the address 203.0.113.9/32 dev eth0, which it should not have',
      'ip addr del 203.0.113.9/32 dev eth0',
    ],
    [
      'a sysctl',
      rs1,
      fact('sysctl', 'net.ipv4.conf.all.arp_ignore', '0'),
      'the sysctl net.ipv4.conf.all.arp_ignore of rs1 is 0, not 1',
      'sysctl -w net.ipv4.conf.all.arp_ignore=1',
    ],
    [
      'a filter rule',
      rs1,
      fact('filter', 'iptables-legacy -t filter -A INPUT -j DROP'),
      'rs1 has the filter rule iptables-legacy -t filter -A INPUT -j DROP, which it should not have',
      'iptables-legacy -t filter -D INPUT -j DROP',
    ],
    [
      'a policy',
      rs1,
      fact('filter', 'iptables-legacy -t filter -P INPUT', 'DROP'),
      'rs1 has the filter rule iptables-legacy -t filter -P INPUT (DROP), which it should not have',
      'iptables-legacy -t filter -P INPUT ACCEPT',
    ],
    [
      'a table of nftables',
      rs1,
      fact('table', 'inet x', 'chain c {\ntcp dport 81 drop\n}'),
      'rs1 has the nftables table inet x (tcp dport 81 drop), which it should not have',
      'nft delete table inet x',
    ],
    [
      'a qdisc',
      rs1,
      fact('queue', 'dev eth0 root', 'netem loss 1%'),
      'rs1 has the qdisc dev eth0 root (netem loss 1%), which it should not have',
      'tc qdisc del dev eth0 root',
    ],
    [
      'a neighbour',
      rs1,
      fact('neighbour', '198.18.0.2 dev eth0', '02:00:00:00:00:99'),
      'rs1 has the permanent neighbour entry 198.18.0.2 dev eth0 (02:00:00:00:00:99), which it should not have',
      'ip neigh del 198.18.0.2 dev eth0',
    ],
    [
      'a route',
      rs1,
      fact('route', '203.0.113.0/24 via 198.18.0.2 dev eth0'),
      'rs1 has the route 203.0.113.0/24 via 198.18.0.2 dev eth0, which it should not have',
      'ip route del 203.0.113.0/24 via 198.18.0.2 dev eth0',
    ],
    [
      'a rule',
      rs1,
      fact('rule', 'pref 32765', 'from 10.0.0.1 lookup 100'),
      'rs1 has the routing rule pref 32765 (from 10.0.0.1 lookup 100), which it should not have',
      'ip rule del pref 32765',
    ],
    [
      'an MTU',
      rs1,
      fact('link', 'dev eth0 mtu', '1400'),
      'the MTU of eth0 of rs1 is 1400, not 1500',
      'ip link set dev eth0 mtu 1500',
    ],
    [
      'a MAC address',
      rs1,
      fact('link', 'dev eth0 address', '02:00:00:00:00:99'),
      `the MAC address of eth0 of rs1 is 02:00:00:00:00:99, not ${mac}`,
      `ip link set dev eth0 address ${mac}`,
    ],
    [
      'no ARP',
      rs1,
      fact('link', 'dev eth0 arp', 'off'),
      'ARP on eth0 of rs1 is off, not on',
      'ip link set dev eth0 arp on',
    ],
    [
      'an interface that listens to everything',
      rs1,
      fact('link', 'dev eth0 promisc', 'on'),
      'rs1 has promiscuous mode on eth0 (on), which it should not have',
      'ip link set dev eth0 promisc off',
    ],
    [
      'another interface',
      rs1,
      fact('link', 'dev mac0', 'up'),
      'rs1 has the interface mac0 (up), which it should not have',
      'ip link del dev mac0',
    ],
    [
      'another daemon',
      d1,
      fact('daemon', 'keepalived', 'running'),
      'keepalived runs on d1',
      'end keepalived on d1',
    ],
  ];

  it.each(cases)('by %s is told so, with the command that undoes it', (_, meant, odd, text, command) => {
    const found = differences(meant, withOther(sound(meant), odd));
    expect(found.map((one) => described(plain, one))).toEqual([text]);
    expect(commands(found)).toEqual([odd.kind === 'daemon' ? command : `${meant.host}: ${command}`]);
  });

  const missing: [string, MeantHost, Fact['kind'], RegExp, string][] = [
    ['its VIP', rs1, 'address', /198\.18\.0\.100/, 'ip addr add 198.18.0.100/32 dev lo'],
    ['a real server', d1, 'destination', new RegExp(rip), `ipvsadm -a ${rule} -r ${rip}:80 -g -w 1`],
    [
      'the route of its subnet',
      rs1,
      'connected',
      /^198/,
      'ip route add 198.18.0.0/16 dev eth0 proto kernel scope link',
    ],
  ];

  it.each(missing)('by lacking %s is told so', (_, meant, kind, key, command) => {
    const rest = sound(meant).filter((one) => one.kind !== kind || !key.test(one.key));
    const found = differences(meant, rest);
    expect(found.map((one) => described(plain, one))).toEqual([expect.stringMatching(/ lacks /)]);
    expect(commands(found)).toEqual([`${meant.host}: ${command}`]);
  });

  it('by a whole service is told of once, not of each real server in it', () => {
    const odd = [
      fact('service', '-t 198.18.0.100:81', '-s rr'),
      fact('destination', `-t 198.18.0.100:81 -r ${rip}:80`, '-g -w 1'),
    ];
    expect(differences(d1, [...sound(d1), ...odd])).toHaveLength(1);
  });
});

describe('a host that looks alike and does not differ', () => {
  const isSame = (meant: MeantHost, ...others: Fact[]) =>
    expect(differences(meant, withOther(sound(meant), ...others))).toEqual([]);

  it('is as it is meant', () => {
    for (const { name } of plain.hosts) isSame(meantOn(plain, name));
  });

  it('has devices that the kernel makes with a module', () =>
    isSame(meantOn(plain, 'rs1'), fact('link', 'dev tunl0', 'down'), fact('link', 'dev tunl0 mtu', '1480')));

  it('is a director whose daemon took a dead real server out, gave it weight 0, or says sorry', () => {
    const checked = (more: string): LabSpec =>
      lab(
        `directors: { count: 2, with: keepalived, healthCheck: { check: tcp } }\nrealServers: 3\nservices: [{ vip: 198.18.0.100, realServers: [rs1, rs2], sorryServer: rs3${more} }]`,
      );
    const [removing, inhibiting] = ['', ', inhibitOnFailure: true'].map((more) =>
      meantOn(checked(more), 'd1'),
    );
    if (!removing || !inhibiting) throw new Error('no director');
    const weighted = (name: string, weight: number): Fact =>
      fact('destination', `${rule} -r ${hostSpec(checked(''), name).ip}:80`, `-g -w ${weight}`);
    isSame(removing);
    isSame(removing, weighted('rs3', 1));
    isSame(inhibiting, weighted('rs1', 0));
    for (const [meant, weight] of [
      [removing, 7],
      [removing, 0],
      [inhibiting, 7],
    ] as const)
      expect(differences(meant, withOther(sound(meant), weighted('rs1', weight)))).toHaveLength(1);
  });

  it('is either director of a pair with the VIP', () => {
    const spec = lab('directors: { count: 2, with: keepalived }\nrealServers: 2');
    for (const name of ['d1', 'd2']) isSame(meantOn(spec, name), fact('address', '198.18.0.100/32 dev eth0'));
    const lost = sound(meantOn(spec, 'd2')).filter(({ kind }) => kind !== 'daemon');
    expect(differences(meantOn(spec, 'd2'), lost).map((one) => described(plain, one))).toEqual([
      'keepalived does not run on d2',
    ]);
    const stopped = differences(
      meantOn(spec, 'd2'),
      withOther(sound(meantOn(spec, 'd2')), fact('daemon', 'keepalived', 'stopped')),
    );
    expect(stopped.map((one) => described(plain, one))).toEqual([
      'keepalived on d2 is stopped (SIGSTOP) and does nothing',
    ]);
    expect(commands(stopped)).toEqual(['d2: kill -CONT $(pidof keepalived)']);
  });

  it('has a drop_entry that the kernel raised and may lower again', () => {
    const spec = lab('directors: 1\nrealServers: 2\nsysctls: { directors: { net.ipv4.vs.drop_entry: 1 } }');
    const key = 'net.ipv4.vs.drop_entry';
    isSame(meantOn(spec, 'd1'), fact('sysctl', key, '2'));
    expect(
      differences(meantOn(spec, 'd1'), [...sound(meantOn(spec, 'd1')), fact('sysctl', key, '3')]),
    ).toHaveLength(1);
  });

  it('has the queue of its declared link, on both ends', () => {
    const spec = lab('directors: 1\nrealServers: [{ name: rs1, link: { delay: 2ms, rate: 100mbit } }]');
    const value = 'netem delay 2000us rate 100000000bit';
    expect(sound(meantOn(spec, 'rs1'))).toContainEqual(fact('queue', 'dev eth0 root', value));
    const port = meantOfSwitch(spec, { rs1: 'p3' });
    expect(differences(port, sound(port))).toEqual([]);
    expect(
      differences(port, withOther(sound(port), fact('queue', 'dev p3 root', 'netem loss 30%'))).map((one) =>
        described(spec, one),
      ),
    ).toEqual([`the qdisc dev p3 root of switch is netem loss 30%, not ${value}`]);
  });
});

describe('sysctls of which the lab file says nothing', () => {
  const hosts = (...values: string[]) =>
    new Map(values.map((value, i) => [`h${i}`, [fact('sysctl', 'net.ipv4.tcp_timestamps', value)]]));

  it('are odd where most other hosts have another value', () =>
    expect([...unusualOf(hosts('1', '1', '0', '1'))].filter(([, odd]) => odd.length > 0)).toEqual([
      ['h2', [{ ...fact('sysctl', 'net.ipv4.tcp_timestamps', '0'), usual: '1' }]],
    ]));

  it.each([[['1', '0']], [['1', '0', '2']], [['1', '1', '0', '0']], [['1', '1', '1']]])(
    'are not odd without a majority: %j',
    (values) => expect([...unusualOf(hosts(...values)).values()].flat()).toEqual([]),
  );
});

describe('changes between two looks', () => {
  const rs1 = meantOn(plain, 'rs1');

  it('are settings of which the lab file says nothing', () => {
    const before = [...sound(rs1), fact('sysctl', 'net.ipv4.ip_default_ttl', '64')];
    const after = [...sound(rs1), fact('sysctl', 'net.ipv4.ip_default_ttl', '1')];
    const found = changes(rs1, before, after);
    expect(found.map((one) => described(plain, one))).toEqual([
      'the sysctl net.ipv4.ip_default_ttl of rs1 is 1, not 64',
    ]);
    expect(commands(found)).toEqual(['rs1: sysctl -w net.ipv4.ip_default_ttl=64']);
  });

  it('are not what the lab file judges already', () =>
    expect(changes(rs1, sound(rs1), withOther(sound(rs1), fact('link', 'dev eth0 mtu', '1400')))).toEqual(
      [],
    ));
});
