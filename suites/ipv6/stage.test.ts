import { describe, expect, it } from 'vitest';
import { findLab, readLab } from '../../src/model/labfile/index.ts';
import { hostSpec, hostsOf, vipsOf } from '../../src/model/spec.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { parseIpv6 } from '../../src/util/ipv6.ts';
import { address6, clientAddresses6, ipv6Stage, onIpv6, pairStage, ports } from './stage.ts';

const { spec } = await readLab(await findLab('default'));

describe('the IPv6 stage', () => {
  const staged = ipv6Stage.change(spec);

  it('gives every host an address that can be read, of a unique local prefix', () => {
    expect(address6(hostSpec(staged, 'rs1'))).toBe(
      `fd64:726c:6162:0:${hostSpec(spec, 'rs1').ip.replaceAll('.', ':')}`,
    );
    expect(new Set(staged.hosts.map(address6)).size).toBe(staged.hosts.length);
    expect(vipsOf(staged)).toEqual(['fd64:726c:6162:0:198:18:0:100']);
  });

  it('switches IPv6 on and duplicate address detection off, on every host', () => {
    for (const host of staged.hosts) {
      expect(host.sysctls['net.ipv6.conf.all.disable_ipv6']).toBe('0');
      expect(host.sysctls['net.ipv6.conf.eth0.accept_dad']).toBe('0');
    }
  });

  it('leaves one service without anyone to serve it', () => {
    const weights = (port: number) =>
      staged.services
        .filter((one) => one.port === port)
        .flatMap((one) => one.realServers.map(({ weight }) => weight));
    expect(weights(ports.forsaken)).toEqual([0, 0, 0]);
    expect(weights(ports.web)).toEqual([1, 1, 1]);
  });

  it('has client addresses that are addresses, all different', () => {
    const addresses = clientAddresses6(staged);
    expect(addresses).toHaveLength(40);
    expect(new Set(addresses).size).toBe(40);
    expect(addresses.filter((one) => parseIpv6(one) === undefined)).toEqual([]);
  });

  it('leaves the lab under test alone', () => expect(vipsOf(spec)).toEqual(['198.18.0.100']));
});

describe('the stage of two directors', () => {
  it('has a stand-by of its own in every lab', async () => {
    for (const name of ['default', 'minimal']) {
      const staged = pairStage.change((await readLab(await findLab(name))).spec);
      expect(hostsOf(staged, 'director').map((host) => host.name)).toEqual(['d1', 'd2']);
      for (const key of ['name', 'ip', 'mac'] as const)
        expect(new Set(staged.hosts.map((host) => host[key])).size).toBe(staged.hosts.length);
    }
  });
});

describe('refusals', () => {
  it('say why there is no IPv6', async () => {
    const away = spec.hosts.map((host) =>
      host.role === 'client' ? { ...host, segment: 'outside' as const } : host,
    );
    expect(() => onIpv6({ ...spec, hosts: away })).toThrow(NotInLab);
    expect(() => onIpv6({ ...spec, hosts: away })).toThrow('routes IPv4 only');
    expect(() => onIpv6({ ...spec, driver: { kind: 'ssh', readOnly: false, knownHosts: '' } })).toThrow(
      'namespaces only, not by driver «ssh»',
    );
    const hashing = (await readLab(await findLab('nftables'))).spec;
    expect(() => ipv6Stage.change(hashing)).toThrow('nftables director, not IPVS');
  });
});
