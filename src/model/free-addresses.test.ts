import { describe, expect, it } from 'vitest';
import { NotInLab } from '../util/errors.ts';
import { elsewhere, freeAddresses, takenAddresses } from './free-addresses.ts';
import { findLab, readLab } from './labfile/index.ts';
import type { HostSpec, LabSpec } from './spec.ts';

const { spec } = await readLab(await findLab('minimal'));
const [plain] = spec.hosts;

/** A lab with one host and no VIP in a network of six addresses. */
const small = (host: Partial<HostSpec> = {}): LabSpec => ({
  ...spec,
  network: { ...spec.network, base: '198.18.0.0', prefixLength: 29 },
  hosts: [{ ...(plain as HostSpec), ip: '198.18.0.1', ...host }],
  services: [],
});

describe('free addresses', () => {
  it('come from the end of the LAN, or from its middle, in an order that stays', () => {
    expect(freeAddresses(spec, 2)).toEqual(['198.18.255.254', '198.18.255.253']);
    expect(freeAddresses(spec, 2, { from: 'middle' })).toEqual(['198.18.128.0', '198.18.128.1']);
  });

  it('come after an address, and go round at the end, without the network and its broadcast address', () => {
    const free = freeAddresses(small(), 5, { from: { after: '198.18.0.4' } });
    expect(free.map((address) => address.at(-1))).toEqual(['5', '6', '2', '3', '4']);
    expect(freeAddresses(small(), 5).map((address) => address.at(-1))).toEqual(['6', '5', '4', '3', '2']);
  });

  it('begin with the first where what they come after is in another network', () =>
    expect(freeAddresses(small(), 1, { from: { after: '10.0.0.7' } })).toEqual(['198.18.0.2']));

  it('may be of another network, which any address in it names', () => {
    const network = { base: '198.19.0.9', prefixLength: 24 };
    expect(freeAddresses(spec, 1, { network })).toEqual(['198.19.0.254']);
    expect(freeAddresses(spec, 1, { network, from: { after: '198.19.0.9' } })).toEqual(['198.19.0.10']);
  });

  it('are all different and none that a host or a service has', () => {
    const free = freeAddresses(spec, 40_000);
    expect(new Set(free).size).toBe(40_000);
    const taken = takenAddresses(spec);
    expect(free.filter((address) => taken.has(address))).toEqual([]);
  });

  it('are not in a network that is full', () => {
    expect(() => freeAddresses(small(), 6)).toThrow(NotInLab);
    expect(() => freeAddresses(small(), 6)).toThrow('198.18.0.0/29 of lab «minimal» has no 6 free addresses');
  });
});

describe('taken is', () => {
  const machine = { address: '198.18.0.2', port: 22, user: 'root', sudo: true };
  it.each<[string, Partial<HostSpec>]>([
    ['a further address of a host', { addresses: ['198.18.0.2/29'] }],
    [
      'the address of another interface',
      {
        interfaces: [
          { name: 'e', kind: 'ethernet' as const, mac: 'x', mtu: 1500, addresses: ['198.18.0.2/29'] },
        ],
      },
    ],
    ['a gateway', { gateway: '198.18.0.2' }],
    ['the address of a router outside', { outside: { ip: '198.18.0.2', prefixLength: 29, mac: 'x' } }],
    ['the machine that plays a host', { machine }],
    [
      'the machine on the way to it',
      {
        machine: {
          ...machine,
          address: 'rs1.example',
          jump: { address: '198.18.0.2', port: 22, user: 'root' },
        },
      },
    ],
  ])('%s', (_, host) =>
    expect(freeAddresses(small(host), 1, { from: { after: '198.18.0.1' } })).toEqual(['198.18.0.3']),
  );

  it('a VIP, of a service or of VRRP alone', () => {
    const [service] = spec.services;
    const instance = { name: 'v', virtualRouterId: 1, priorities: [1], vips: ['198.18.0.3'] };
    const vrrp = { instances: [instance] } as unknown as NonNullable<LabSpec['director']['vrrp']>;
    const lab: LabSpec = {
      ...small(),
      services: service ? [{ ...service, vip: '198.18.0.2' }] : [],
      director: { ...spec.director, vrrp },
    };
    expect(freeAddresses(lab, 1, { from: { after: '198.18.0.1' } })).toEqual(['198.18.0.4']);
  });

  it('an IPv6 address, however it is written', () => {
    const taken = takenAddresses(
      small({ ip6: { address: 'FD00:0::1', prefixLength: 64 }, addresses: ['fd00::0:2/64'] }),
    );
    expect(taken).toEqual(
      new Set(
        ['198.18.0.1', 'fd00::1', 'fd00::2', plain?.gateway, elsewhere.vip, elsewhere.rip].filter(Boolean),
      ),
    );
  });
});
