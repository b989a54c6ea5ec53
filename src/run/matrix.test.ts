import { describe, expect, it } from 'vitest';
import { parseLab } from '../model/labfile/index.ts';
import type { Place } from '../model/matrix.ts';
import { type HostSpec, hostsOf, type LabSpec } from '../model/spec.ts';
import { LabUnavailable } from '../util/errors.ts';
import { atPlace } from './matrix.ts';

const pair = parseLab(
  `name: pair
directors: { count: 2, with: keepalived, vrrp: { version: 3, advert: 100ms } }
realServers: 2
services: [{ port: 80, scheduler: wrr }, { port: 53, protocol: udp }]
`,
  'pair.yaml',
);
const at = (place: Partial<Place>, spec: LabSpec = pair): LabSpec => atPlace(spec, place);
const directorNames = (spec: LabSpec) => hostsOf(spec, 'director').map(({ name }) => name);
const ipvsSysctls = ({ sysctls }: HostSpec) =>
  Object.keys(sysctls).filter((key) => key.startsWith('net.ipv4.vs.'));

describe('a lab in another place', () => {
  it('is as its file says where the place leaves it open', () => {
    expect(at({})).toEqual(pair);
    expect(at({ driver: 'netns', director: 'keepalived' })).toEqual(pair);
  });

  it('is not changed itself', () => {
    const before = structuredClone(pair);
    at({ driver: 'docker', director: 'nftables' });
    expect(pair).toEqual(before);
  });

  it.each(['ipvsadm', 'nftables'] as const)(
    'with %s has one director, no VRRP and no health checks',
    (kind) => {
      const spec = at({ director: kind });
      expect(spec.director).toEqual({ kind });
      expect(directorNames(spec)).toEqual(['d1']);
      expect(hostsOf(spec, 'realServer')).toEqual(hostsOf(pair, 'realServer'));
    },
  );

  it('with nftables hashes, and writes no sysctls of IPVS', () => {
    const spec = at({ director: 'nftables' });
    expect(spec.services.map(({ scheduler }) => scheduler)).toEqual(['sh', 'sh']);
    expect(hostsOf(spec, 'director').flatMap(ipvsSysctls)).toEqual([]);
  });

  it('with IPVS after nftables is what its file would be with IPVS', () => {
    const text = (kind: string) => `name: x\ndirectors: { with: ${kind} }\nservices: [{ scheduler: sh }]\n`;
    const [hashed, ipvs] = [parseLab(text('nftables'), 'x.yaml'), parseLab(text('ipvsadm'), 'x.yaml')];
    expect(at({ director: 'ipvsadm' }, hashed)).toEqual(ipvs);
    expect(at({ director: 'nftables' }, ipvs)).toEqual(hashed);
  });

  it('with keepalived is what its file would be: health checks, and VRRP where there are two', () => {
    const lab = (kind: string) => parseLab(`name: x\ndirectors: { count: 1, with: ${kind} }\n`, 'x.yaml');
    expect(at({ director: 'keepalived' }, lab('ipvsadm'))).toEqual(lab('keepalived'));
    const two = { ...pair, director: { kind: 'ipvsadm' } as const };
    expect(at({ director: 'keepalived' }, two).director).toMatchObject({
      vrrp: { version: 2, priorities: [150, 100] },
      healthCheck: { intervalMs: 1000 },
    });
  });

  it('in Docker has a dockerd of its own, unless its file says which', () => {
    expect(at({ driver: 'docker' }).driver).toEqual({
      kind: 'docker',
      endpoint: 'own',
      hosts: {},
      network: 'macvlan',
    });
    const driver = { kind: 'docker', endpoint: 'unix:///x', hosts: {}, network: 'bridge' } as const;
    expect(at({ driver: 'docker' }, { ...pair, driver }).driver).toBe(driver);
  });

  it('in namespaces forgets images, machines and their interfaces', () => {
    const machine = { address: 'm1', port: 22, user: 'root', sudo: false };
    const hosts = pair.hosts.map((host) => ({
      ...host,
      machine,
      device: 'eth1',
      container: { image: 'nginx' },
    }));
    const real: LabSpec = { ...pair, hosts, driver: { kind: 'ssh', readOnly: false, knownHosts: '~/k' } };
    expect(at({ driver: 'netns' }, real)).toEqual(pair);
  });
});

describe('a lab that cannot be there', () => {
  const refused = (place: Partial<Place>, spec = pair): LabUnavailable => {
    try {
      at(place, spec);
    } catch (error) {
      if (error instanceof LabUnavailable) return error;
      throw error;
    }
    throw new Error('it can');
  };
  const withService = (change: object): LabSpec => ({
    ...pair,
    services: pair.services.map((service) => ({ ...service, ...change })),
  });

  it('over ssh needs machines', () => {
    expect(refused({ driver: 'ssh' })).toMatchObject({
      message: expect.stringContaining('«pair» names no machines'),
      hint: expect.stringContaining('lab'),
    });
  });

  it('with nftables needs DR without persistence', () => {
    expect(refused({ director: 'nftables' }, withService({ forward: 'tun' })).message).toBe(
      'nftables forwards by dr only, and 198.18.0.100:80/tcp is forwarded by tun',
    );
    expect(refused({ director: 'nftables' }, withService({ persistenceS: 30 })).message).toContain(
      'no persistence',
    );
  });
});
