import { describe, expect, it } from 'vitest';
import type { Host } from '../model/host.ts';
import type { Lab } from '../model/lab.ts';
import { activeDirector, addressesOf, holdersOf, neighbour, parseAddresses } from './neighbour.ts';

const vip = '198.18.0.100';
const addresses = (...list: string[]) =>
  JSON.stringify([
    { ifname: 'lo', addr_info: [{ local: '127.0.0.1', prefixlen: 8, scope: 'host' }] },
    { ifname: 'eth0', addr_info: list.map((local) => ({ local, prefixlen: 32, scope: 'global' })) },
  ]);
const says = (stdout: string) => ({ exec: async () => ({ code: 0, stdout, stderr: '' }) }) as unknown as Host;

function labOf(held: Record<string, string[]>): Lab {
  const hosts = [
    ...Object.keys(held).map((name) => ({ name, role: 'director' })),
    { name: 'rs1', role: 'realServer' },
  ];
  return {
    spec: { hosts },
    host: (name: string) => ({
      get: async () =>
        Buffer.from((held[name] ?? [vip]).map((one) => `|-- ${one}\n /32 host LOCAL\n`).join('')),
    }),
  } as unknown as Lab;
}

describe('parseAddresses', () => {
  it('knows device, prefix and scope', () =>
    expect(parseAddresses(addresses(vip))).toEqual([
      { device: 'lo', address: '127.0.0.1', prefixLength: 8, scope: 'host' },
      { device: 'eth0', address: vip, prefixLength: 32, scope: 'global' },
    ]));
});

describe('IPv6 addresses', () => {
  const info = { local: 'fd00::64', prefixlen: 128, scope: 'global' };
  const deaf = JSON.stringify([
    { ifname: 'eth0', addr_info: [{ ...info, tentative: true, dadfailed: true }] },
  ]);

  it('say what duplicate address detection has come to', () =>
    expect(parseAddresses(deaf)).toEqual([
      {
        device: 'eth0',
        address: 'fd00::64',
        prefixLength: 128,
        scope: 'global',
        tentative: true,
        dadFailed: true,
      },
    ]));

  it('are asked for where they are meant', async () => {
    const asked: string[] = [];
    const exec = async (script: string) => {
      asked.push(script);
      return { code: 0, stdout: '', stderr: '' };
    };
    const host = { exec } as unknown as Host;
    await Promise.all([
      neighbour(host, 'fd00::64'),
      neighbour(host, vip),
      addressesOf(host, 6),
      addressesOf(host),
    ]);
    expect(asked.map((script) => /-[46]/.exec(script)?.[0])).toEqual(['-6', '-4', '-6', '-4']);
  });
});

describe('neighbour', () => {
  it('reads an entry with and without a MAC, and none', async () => {
    expect(
      await neighbour(says('[{"dst":"x","lladdr":"02:00:00:00:00:0A","state":["STALE"]}]'), vip),
    ).toEqual({
      mac: '02:00:00:00:00:0a',
      state: 'STALE',
    });
    expect(await neighbour(says('[{"dst":"x","state":["FAILED"]}]'), vip)).toEqual({ state: 'FAILED' });
    expect(await neighbour(says('[ ]'), vip)).toBeUndefined();
    expect(await neighbour(says(''), vip)).toBeUndefined();
  });
});

describe('activeDirector', () => {
  it('is the one director that has the VIP, whatever real servers have', async () =>
    expect(await activeDirector(labOf({ dir1: [], dir2: [vip] }), vip)).toBe('dir2'));

  it('throws on none and on two', async () => {
    await expect(activeDirector(labOf({ dir1: [], dir2: [] }), vip)).rejects.toThrow('no director has');
    const split = labOf({ dir1: [vip], dir2: [vip] });
    expect(await holdersOf(split, vip)).toEqual(['dir1', 'dir2']);
    await expect(activeDirector(split, vip)).rejects.toThrow('dir1 and dir2 have');
  });
});
