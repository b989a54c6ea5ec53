import { describe, expect, it } from 'vitest';
import { type HostSpec, hostSpec } from '../../src/model/spec.ts';
import { quote } from '../../src/util/quote.ts';
import { labOf } from '../base/testing/lab-of.ts';
import { filterOf } from './capture.ts';
import { directorUndo } from './director-undo.ts';
import { type Inspection, inspectScript, parseInspection } from './inspect.ts';
import { lacksOnMachines, loginUses } from './lacks.ts';
import { hostAsItIs, prepare } from './prepare.ts';

const spec = labOf({ director: { kind: 'ipvsadm' } });
const rs1: HostSpec = { ...hostSpec(spec, 'rs1'), device: 'ens3' };
const found = (sysctls: Record<string, string> = {}): Inspection => ({
  uid: 0,
  bootId: 'b',
  links: [
    { name: 'lo', mac: '00:00:00:00:00:00', up: true, addresses: [{ ip: '127.0.0.1', prefixLength: 8 }] },
    { name: 'ens3', mac: '52:54:00:00:00:01', up: true, addresses: [{ ip: '198.18.1.1', prefixLength: 24 }] },
    { name: 'ens4', mac: '52:54:00:00:00:02', up: true, addresses: [{ ip: '10.0.0.7', prefixLength: 24 }] },
  ],
  gateway: '198.18.1.254',
  ssh: { clientIp: '10.0.0.1', clientPort: 40000, serverIp: '10.0.0.7', serverPort: 22 },
  programs: new Set(['tcpdump', 'nft']),
  nodeMajor: 20,
  sysctls: new Map(Object.entries(sysctls).map(([key, value]) => [`net/ipv4/${key}`, value])),
  ipvs: [],
  keepalived: [],
  nftTables: [],
  ledgers: [],
});

describe('a host as it is', () => {
  it('has what the machine has: MAC address, prefix, gateway', () => {
    expect(hostAsItIs(rs1, found())).toMatchObject({
      mac: '52:54:00:00:00:01',
      prefixLength: 24,
      gateway: '198.18.1.254',
    });
  });

  it('has sysctls of its own interface, and leaves IPv6 alone', () => {
    const sysctls = { 'net.ipv4.conf.eth0.rp_filter': '0', 'net.ipv6.conf.all.disable_ipv6': '1' };
    expect(hostAsItIs({ ...rs1, device: 'eth0.5', sysctls }, found()).sysctls).toEqual({
      'net.ipv4.conf.eth0/5.rp_filter': '0',
    });
  });
});

describe('preparing a machine', () => {
  const with_ = (sysctls: Record<string, string>): HostSpec => ({ ...rs1, sysctls });
  const vipUndo = { command: 'address_gone 198.18.0.100/32 lo' };

  it('touches no sysctl where all are as they should be', () => {
    const { undo, script } = prepare(
      spec,
      with_({ 'net.ipv4.conf.all.arp_ignore': '1' }),
      found({ 'conf/all/arp_ignore': '1' }),
    );
    expect(undo).toEqual([vipUndo]);
    expect(script).toBe('ip addr add 198.18.0.100/32 dev lo || exit 1\n');
  });

  it('restores what a change of ip_forward changes besides, and that after ip_forward itself', () => {
    const { undo } = prepare(
      spec,
      with_({ 'net.ipv4.ip_forward': '1' }),
      found({
        ip_forward: '0',
        'conf/all/forwarding': '0',
        'conf/ens4/forwarding': '1',
        'conf/all/accept_redirects': '1',
        'conf/ens4/rp_filter': '2',
      }),
    );
    const replayed = undo.map(({ command }) => command).reverse();
    expect(replayed).toEqual([
      vipUndo.command,
      'sysctl_back /proc/sys/net/ipv4/ip_forward 0',
      'sysctl_back /proc/sys/net/ipv4/conf/all/forwarding 0',
      'sysctl_back /proc/sys/net/ipv4/conf/ens4/forwarding 1',
      'sysctl_back /proc/sys/net/ipv4/conf/all/accept_redirects 1',
    ]);
  });

  it('restores the interfaces to which a change of default spreads, after default', () => {
    const { undo } = prepare(
      spec,
      with_({ 'net.ipv4.conf.default.rp_filter': '0' }),
      found({ 'conf/ens4/rp_filter': '1', 'conf/default/rp_filter': '2', 'conf/ens4/arp_ignore': '8' }),
    );
    expect(undo.map(({ command }) => command).reverse()).toEqual([
      vipUndo.command,
      'sysctl_back /proc/sys/net/ipv4/conf/default/rp_filter 2',
      'sysctl_back /proc/sys/net/ipv4/conf/ens4/rp_filter 1',
    ]);
  });

  it('neither adds nor removes a VIP that is there already', () => {
    const there = found();
    there.links[0]?.addresses.push({ ip: '198.18.0.100', prefixLength: 32 });
    expect(prepare(spec, with_({}), there)).toEqual({ undo: [], script: '' });
  });

  it('puts a VIP on the interface that the machine has', () => {
    const server = { ...rs1.server, vipDevice: 'eth0' } as HostSpec['server'];
    const { script } = prepare(spec, { ...with_({}), ...(server && { server }) }, found());
    expect(script).toBe('ip addr add 198.18.0.100/32 dev ens3 || exit 1\n');
  });

  it('undoes addresses and services of directors, whatever their daemon did', () => {
    const director: HostSpec = { ...hostSpec(spec, 'dir1'), device: 'bond0' };
    expect(directorUndo(spec, director).map(({ command }) => command)).toEqual([
      'address_gone 198.18.0.100/32 bond0',
      'service_gone -t 198.18.0.100:80',
    ]);
  });
});

describe('capabilities', () => {
  const lab = { ...spec, driver: { kind: 'ssh' as const, readOnly: false, knownHosts: 'x' } };
  const all = (one: Inspection) => new Map(lab.hosts.map(({ name }) => [name, one]));

  it('has no link to cut where the login itself goes over it, or nobody knows', () => {
    const overLan = found();
    if (overLan.ssh) overLan.ssh.serverIp = '198.18.1.1';
    expect([
      loginUses(rs1, found()),
      loginUses(rs1, overLan),
      loginUses(rs1, { ...found(), ssh: undefined }),
    ]).toEqual([false, true, true]);
  });

  it('captures only as root and with tcpdump', () => {
    expect(lacksOnMachines('capture', lab, all(found()))).toBeUndefined();
    expect(lacksOnMachines('capture', lab, all({ ...found(), uid: 1000 }))).toMatch(/only root/);
    expect(lacksOnMachines('capture', lab, all({ ...found(), programs: new Set() }))).toMatch(/tcpdump/);
  });

  it('breaks and sends nothing where it only looks', () => {
    const looking = { ...lab, driver: { ...lab.driver, readOnly: true } };
    for (const capability of ['inject', 'serviceFault', 'linkFault', 'directorFault'] as const)
      expect(lacksOnMachines(capability, looking, all(found()))).toBe('this lab is read-only');
    expect(lacksOnMachines('director', looking, all(found()))).toBeUndefined();
  });
});

it('a capture leaves out our own connection, and nothing else', () => {
  expect(filterOf({ filter: 'arp or tcp', ssh: found().ssh })).toBe(
    '(arp or tcp) and not (host 10.0.0.1 and tcp port 40000 and tcp port 22)',
  );
  expect(filterOf({ filter: 'arp', ssh: undefined })).toBe('arp');
});

it('words are quoted where a shell would do something with them', () => {
  expect(['plain/path-1.2', 'two words', "it's", '$x', ''].map(quote)).toEqual([
    'plain/path-1.2',
    "'two words'",
    `'it'\\''s'`,
    "'$x'",
    "''",
  ]);
});

it('what a machine says is read', () => {
  const seen = parseInspection(
    `=== drlab: uid\n0\n=== drlab: boot\nabc\n=== drlab: links\n[{"ifname":"ens3","address":"52:54:00:AB:00:01","flags":["UP"],"addr_info":[{"family":"inet","local":"10.0.0.7","prefixlen":24},{"family":"inet6","local":"::1"}]}]
=== drlab: gateway\ndefault via 10.0.0.1 dev ens3\n=== drlab: ssh\n10.0.0.1 40000 10.0.0.7 22\n=== drlab: programs\nip\nnode\n=== drlab: node\nv18.19.1\n=== drlab: sysctls\n/proc/sys/net/ipv4/ip_forward:1
=== drlab: ipvs\nthere\nIP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\nTCP  C6120064:0050 rr \n  -> C6120101:0050      Route   1      0          0
=== drlab: keepalived\n12\n=== drlab: nft\ntable netdev drlab\n=== drlab: ledgers\n`,
  );
  expect(seen).toMatchObject({
    uid: 0,
    gateway: '10.0.0.1',
    nodeMajor: 18,
    keepalived: [12],
    nftTables: ['netdev drlab'],
    ledgers: [],
    links: [
      { name: 'ens3', mac: '52:54:00:ab:00:01', up: true, addresses: [{ ip: '10.0.0.7', prefixLength: 24 }] },
    ],
  });
  expect(seen.ipvs).toHaveLength(2);
  expect(seen.sysctls.get('net/ipv4/ip_forward')).toBe('1');
  expect(inspectScript([])).not.toContain('undefined');
});
