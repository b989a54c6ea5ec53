import { expect, test } from 'vitest';
import type { Host } from '../../src/model/host.ts';
import { findLab, readLab } from '../../src/model/labfile/index.ts';
import { hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { CannotHere } from '../../src/util/errors.ts';
import { entriesByState, framesInto, ghostAddresses, statesIn, total } from './ghosts.ts';

const { spec } = await readLab(await findLab('minimal'));

const inSmallNetwork = (taken: string): LabSpec => ({
  ...spec,
  network: { ...spec.network, base: '198.18.0.0', prefixLength: 29 },
  hosts: spec.hosts.map((host, i) => (i === 0 ? { ...host, addresses: [taken] } : host)),
});

test('ghosts have addresses that no host has', () => {
  const ghosts = ghostAddresses(spec, 300);
  const taken = spec.hosts.map((host) => host.ip);
  expect(new Set(ghosts).size).toBe(300);
  expect(ghosts.filter((ghost) => taken.includes(ghost) || ghost === '198.18.0.100')).toEqual([]);
  expect(hostsOf(spec, 'client')).toHaveLength(1);
});

test('further addresses of a host are taken too, and the broadcast address is none', () =>
  expect(ghostAddresses(inSmallNetwork('198.18.0.5/29'), 2)).toEqual(['198.18.0.4', '198.18.0.6']));

test('a network that is too small cannot show it', () =>
  expect(() => ghostAddresses(inSmallNetwork('198.18.0.5/29'), 3)).toThrow(CannotHere));

test('entries are counted by state on the director, whose table is in hex', async () => {
  let script = '';
  const director = {
    exec: async (text: string) => {
      script = text;
      return { code: 0, stdout: 'SYN_RECV 12\nESTABLISHED 3\n', stderr: '' };
    },
  };
  const states = await entriesByState(director as unknown as Host, '198.18.0.9', 80);
  expect(states).toEqual({ SYN_RECV: 12, ESTABLISHED: 3 });
  expect(script).toContain('$2 == "C6120009" && $5 == "0050"');
  expect([total(states), statesIn(states), statesIn({})]).toEqual([15, '12 SYN_RECV, 3 ESTABLISHED', 'none']);
});

test('frames into an interface are its packets received, not its bytes', async () => {
  const dev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 100 1 0 0 0 0 0 0 100 1 0 0 0 0 0 0
  eth0: 7140000 100000 0 0 0 0 0 0 90 5 0 0 0 0 0 0
`;
  const host = { get: async () => Buffer.from(dev) } as unknown as Host;
  expect(await framesInto(host, 'eth0')).toBe(100_000);
  expect(await framesInto(host, 'eth1')).toBeNaN();
});
