import { describe, expect, it } from 'vitest';
import { hostSpec, type LabSpec } from '../../src/model/spec.ts';
import { addressing } from '../base/addressing.ts';
import { hexEndpoint, settleScript } from '../base/settle.ts';
import { labOf, type Wanted } from '../base/testing/lab-of.ts';
import { directorOf } from '../directors/index.ts';
import { ipvsadm, ipvsRules } from '../directors/ipvsadm.ts';
import { socketsOf } from '../servers/layout.ts';

const vip = 'fd00::64';

/** A lab whose hosts have `fd00::1`, `fd00::2`, … and whose VIP is an IPv6 address. */
function ipv6Lab(server: Wanted['server'] = {}): LabSpec {
  const spec = labOf({
    director: { kind: 'ipvsadm' },
    realServers: 2,
    server,
    services: [{ vip }, { vip, port: 53, protocol: 'udp' }],
  });
  spec.hosts.forEach((host, i) => {
    host.ip6 = { address: `fd00::${i + 1}`, prefixLength: 64 };
  });
  return spec;
}

const addresses = (spec: LabSpec, name: string) => addressing(spec, hostSpec(spec, name));

describe('addresses', () => {
  it('skip duplicate address detection, which would leave them deaf at first', () => {
    const spec = ipv6Lab();
    expect(addresses(spec, 'rs1')).toContain('addr add fd00::3/64 dev eth0 nodad\n');
    expect(addresses(spec, 'rs1')).toContain('addr add fd00::64/128 dev lo nodad\n');
    hostSpec(spec, 'client1').addresses = ['fd00::99/64', '198.18.5.5/16'];
    expect(addresses(spec, 'client1')).toContain(
      'addr add fd00::99/64 dev eth0 nodad\naddr add 198.18.5.5/16 dev eth0\n',
    );
  });

  it('have the prefix length that is asked for', () =>
    expect(addresses(ipv6Lab({ vip6PrefixLength: 64 }), 'rs2')).toContain(
      'addr add fd00::64/64 dev lo nodad\n',
    ));
});

it('rules have brackets, and the RIPs of the VIP’s family', () => {
  const spec = ipv6Lab();
  expect(ipvsRules(spec)).toContain(
    '-A -t [fd00::64]:80 -s rr\n-a -t [fd00::64]:80 -r [fd00::3]:80 -g -w 1\n',
  );
  expect(ipvsRules(spec)).toContain('-a -u [fd00::64]:53 -r [fd00::4]:53 -g -w 1\n');
  const [vips] = ipvsadm.configs(spec, hostSpec(spec, 'dir1'));
  expect(vips?.text).toBe('addr add fd00::64/128 dev eth0 nodad\n');
});

it('waits for what /proc prints: 32 digits there, brackets and groups here', () => {
  expect(hexEndpoint(vip, 80)).toBe('[fd00:0000:0000:0000:0000:0000:0000:0064]:0050');
  const spec = ipv6Lab();
  const script = settleScript(spec, { vips: [vip], ipvsServices: spec.services, withinMs: 5000 });
  expect(script).toContain(' vip:fd000000000000000000000000000064 ');
  expect(script).toContain('</proc/net/if_inet6');
  expect(script).toContain(
    "'rule:TCP/[fd00:0000:0000:0000:0000:0000:0000:0064]:0050>[fd00:0000:0000:0000:0000:0000:0000:0003]:0050'",
  );
});

it('real servers listen for it', () => {
  const listens = (spec: LabSpec) =>
    socketsOf(spec, hostSpec(spec, 'rs1')).map(({ protocol, address }) => `${protocol} ${address}`);
  expect(listens(ipv6Lab())).toEqual(['tcp ::', 'udp fd00::64', 'udp fd00::3']);
  expect(listens(ipv6Lab({ listenOn: 'rip' }))).toEqual(['tcp fd00::3', 'udp fd00::3']);
});

it('is refused where it is not set up yet, and where a host has no address for it', () => {
  const spec = ipv6Lab();
  for (const kind of ['nftables', 'ldirectord'] as const)
    expect(() => directorOf({ ...spec, director: { kind } })).toThrow(
      `${kind} directors for IPv4 only, and fd00::64 is IPv6: take ipvsadm or keepalived`,
    );
  delete hostSpec(spec, 'rs1').ip6;
  expect(() => ipvsRules(spec)).toThrow('rs1 has no IPv6 address');
});
