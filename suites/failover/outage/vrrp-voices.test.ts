import { describe, expect, test } from 'vitest';
import { disagreementOf, type Voice } from './vrrp-voices.ts';

const voice = (from: string, more: Partial<Voice> = {}): Voice => ({
  ...{ from, virtualRouterId: 51, version: 2, advertMs: 1_000, authentication: 0 },
  ...{ vips: ['198.18.0.100'], adverts: 2 },
  ...more,
});

describe('voices that agree', () => {
  test.each([
    ['one', [voice('d1')]],
    ['two that both believe to be the master: that is for ARP-12', [voice('d1'), voice('d2')]],
    ['VIPs in another order', [voice('d1', { vips: ['a', 'b'] }), voice('d2', { vips: ['b', 'a'] })]],
    ['another interval, which keepalived lets pass', [voice('d1'), voice('d2', { advertMs: 2_000 })]],
    ['two virtual routers', [voice('d1'), voice('d2', { virtualRouterId: 52, vips: ['198.18.0.101'] })]],
  ])('%s', (_, voices) => {
    expect(disagreementOf(voices)).toBeUndefined();
  });
});

test.each([
  [{ version: 3 }, /do not agree on the version/, /the same version/],
  [{ authentication: 1 }, /do not agree on the authentication/, /the same authentication/],
  [
    { vips: ['198.18.0.100', '198.18.0.101'] },
    /do not agree on the VIPs/,
    /d1 and d2: the same virtual_ipaddress/,
  ],
  [
    { vips: ['198.18.0.101'] },
    /two virtual routers of this segment have the ID 51/,
    /another virtual_router_id/,
  ],
  [
    { virtualRouterId: 52 },
    /advertise the same VIP under 2 virtual router IDs/,
    /the same virtual_router_id/,
  ],
])('%o of the second one', (more, cause, advice) => {
  const said = disagreementOf([voice('d1'), voice('d2', more)]);
  expect(said?.cause).toMatch(cause);
  expect(said?.advice).toMatch(advice);
  expect(said?.speakers).toEqual(['d1', 'd2']);
});

test('who is no director is named by address', () => {
  const said = disagreementOf([voice('d1'), voice('198.18.0.77', { vips: ['198.18.0.200'] })]);
  expect(said?.seen).toBe(
    'd1 advertises 198.18.0.100 as router 51; 198.18.0.77 advertises 198.18.0.200 as router 51',
  );
});
