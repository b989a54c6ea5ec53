import { describe, expect, it } from 'vitest';
import type { Capability } from '../../src/model/capabilities.ts';
import { lacksCapability, missingProgram } from './lacks.ts';
import { labOf, type Wanted } from './testing/lab-of.ts';

const breaks = { bridgeFilter: true, ownKernel: true };
const everything = { has: () => true, ipvs: true, virtualTime: false, breaks };
const nothing = { has: () => false, ipvs: false, virtualTime: true };
const vrrp = {
  version: 3 as const,
  virtualRouterId: 51,
  advertMs: 500,
  priorities: [150, 100],
  preempt: true,
};
const pair: Wanted = {
  director: { kind: 'keepalived', vrrp, healthCheck: { intervalMs: 500, timeoutMs: 500, retries: 1 } },
  directors: 2,
  routed: true,
  services: [{}, { protocol: 'udp', port: 5000 }, { scheduler: 'wrr', port: 81 }],
};

describe('a lab with everything', () => {
  const capabilities: Capability[] = [
    'capture',
    'ipvs',
    'directorFault',
    'directorPair',
    'healthChecks',
    'routedClient',
  ];
  it.each([...capabilities, 'udpService', 'schedulerRr', 'schedulerWrr', 'realTime'] as Capability[])(
    'has %s',
    (capability) => {
      expect(lacksCapability(capability, labOf(pair), everything)).toBeUndefined();
    },
  );
});

it('says which program of its directors is not there, and what installs it', () => {
  const has = (name: string) => name !== 'cl_status';
  expect(missingProgram({ kind: 'ldirectord' }, { has })).toBeUndefined();
  expect(missingProgram({ kind: 'heartbeat' }, { has })).toBe(
    'not installed: cl_status (apt-get install heartbeat)',
  );
});

it('has hours only in virtual time', () => {
  expect(lacksCapability('virtualTime', labOf(pair), everything)).toMatch(/--time virtual/);
  expect(lacksCapability('virtualTime', labOf(pair), nothing)).toBeUndefined();
});

describe('what can be broken', () => {
  const all: Capability[] = [
    'hostFault',
    'wireFault',
    'answerFault',
    'tableFault',
    'clockFault',
    'rogueRouterFault',
  ];
  const lacking = (place: Parameters<typeof lacksCapability>[2]) =>
    all.map((capability) => lacksCapability(capability, labOf(pair), place));

  it('is all, in namespaces on a kernel of its own', () => {
    expect(lacking(everything)).toEqual(all.map(() => undefined));
  });

  it('leaves the clock of the machine alone', () => {
    const host = { ...everything, breaks: { ...breaks, ownKernel: false } };
    expect(lacksCapability('clockFault', labOf(pair), host)).toMatch(/belongs to the whole machine/);
  });

  it('is less where drlab found its hosts', () => {
    const { breaks: _, ...found } = everything;
    expect(lacking(found)).toEqual(all.map(() => expect.stringMatching(/where it made the hosts/)));
    expect(lacksCapability('serviceFault', labOf(pair), found)).toBeUndefined();
  });

  it('is less where the kernel filters no frames', () => {
    const kernel = { ...everything, breaks: { ...breaks, bridgeFilter: false } };
    expect(lacksCapability('wireFault', labOf(pair), kernel)).toMatch(/does not filter frames/);
  });
});

describe('what a lab lacks, it says', () => {
  it.each<[Capability, Wanted, RegExp]>([
    ['ipvs', { director: { kind: 'nftables' } }, /no IPVS tables/],
    ['schedulerRr', { director: { kind: 'nftables' } }, /hashes/],
    ['schedulerWrr', { director: { kind: 'ipvsadm' } }, /scheduled with wrr/],
    ['directorFault', { director: { kind: 'ipvsadm' } }, /no daemon/],
    ['directorPair', { director: { kind: 'keepalived', vrrp } }, /no two directors/],
    ['healthChecks', { director: { kind: 'keepalived' } }, /checks no real servers/],
    ['severalRealServers', { director: { kind: 'ipvsadm' }, realServers: 1 }, /two real servers/],
    ['directClient', { director: { kind: 'ipvsadm' }, clients: 0 }, /no client on the segment/],
    ['routedClient', { director: { kind: 'ipvsadm' } }, /behind a router/],
    ['udpService', { director: { kind: 'ipvsadm' } }, /UDP/],
    ['director', { director: { kind: 'ipvsadm' }, directors: 0 }, /no director/],
  ])('%s', (capability, wanted, why) => {
    expect(lacksCapability(capability, labOf(wanted), everything)).toMatch(why);
  });

  it.each<[Capability, RegExp]>([
    ['capture', /tcpdump is not installed/],
    ['iperf3', /iperf3 is not installed/],
    ['ipvs', /kernel/],
    ['realTime', /virtual/],
  ])('%s, by the place it runs in', (capability, why) => {
    expect(lacksCapability(capability, labOf(pair), nothing)).toMatch(why);
  });
});
