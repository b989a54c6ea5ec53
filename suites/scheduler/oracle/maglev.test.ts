import { describe, expect, test } from 'vitest';
import { maglev, maglevTable, slots } from './maglev.ts';
import type { Server } from './server.ts';
import { hsiphash, sipHash } from './siphash.ts';

const servers = (...weights: number[]): Server[] =>
  weights.map((weight, i) => {
    const n = weights.length - i;
    return { name: `rs${n}`, ip: `198.18.1.${n}`, weight, active: 0, inactive: 0 };
  });
const shares = (table: Server[], names: string[]) =>
  names.map((name) => table.filter((server) => server.name === name).length);

describe('SipHash', () => {
  test('2-4 of the bytes 0 to 14 with the key 0 to 15 is what the paper says', () => {
    const key = [0x0706050403020100n, 0x0f0e0d0c0b0a0908n] as const;
    const bytes = Uint8Array.from({ length: 15 }, (_, i) => i);
    expect(sipHash(bytes, key, 2, 4)).toBe(0xa129ca6149be45e5n);
  });
  test('1-3 folds to 32 bits, and takes its word modulo 2^32', () => {
    const key = [0x0706050403020100n, 0x0f0e0d0c0b0a0908n] as const;
    expect(hsiphash(0x03020100, key)).toBe(
      Number(sipHash(Uint8Array.of(0, 1, 2, 3), key, 1, 3) & 0xffffffffn),
    );
    expect(hsiphash(2 ** 32 + 7, key)).toBe(hsiphash(7, key));
  });
});

describe('the table of Maglev', () => {
  test('gives equal weights shares that differ by one at most', () => {
    const got = shares(maglevTable(servers(1, 1, 1), 80), ['rs1', 'rs2', 'rs3']);
    expect(got.reduce((a, b) => a + b)).toBe(slots);
    expect(Math.max(...got) - Math.min(...got)).toBeLessThanOrEqual(1);
  });
  test('follows weights', () => {
    const got = shares(maglevTable(servers(3, 2, 1), 80), ['rs1', 'rs2', 'rs3']);
    expect(got.map((n) => Math.round((6 * n) / slots))).toEqual([1, 2, 3]);
  });
  test('moves less than one percent of the surviving slots when one of three leaves', () => {
    const three = maglevTable(servers(1, 1, 1), 80);
    const two = maglevTable(servers(1, 1, 1).slice(1), 80);
    const surviving = three.flatMap(({ name }, i) => (name === 'rs3' ? [] : [{ name, now: two[i]?.name }]));
    expect(surviving.filter(({ name, now }) => name !== now).length).toBeLessThan(surviving.length / 100);
  });
  test('weight 0 moves none: the last weight counts', () => {
    const [first, ...others] = servers(1, 1, 1);
    const quiesced = [{ ...(first as Server), weight: 0, lastWeight: 1 }, ...others];
    expect(maglevTable(quiesced, 80).map(({ name }) => name)).toEqual(
      maglevTable(servers(1, 1, 1), 80).map(({ name }) => name),
    );
  });
  test('is empty without weights', () => expect(maglevTable(servers(0, 0), 80)).toEqual([]));
});

describe('mh', () => {
  const arrivals = Array.from({ length: 60 }, (_, i) => ({
    srcIp: `198.18.2.${i}`,
    srcPort: 1000,
    dstIp: '198.18.0.100',
  }));
  test('a quiesced server refuses its clients, or hands them over with fallback', () => {
    const quiesced = servers(1, 1, 1).map((one) =>
      one.name === 'rs2' ? { ...one, weight: 0, lastWeight: 1 } : one,
    );
    const plain = maglev(80);
    const falling = maglev(80, { fallback: true });
    const whole = maglev(80);
    for (const arrival of arrivals) {
      const own = whole(servers(1, 1, 1), arrival)?.name;
      expect(plain(quiesced, arrival)?.name).toBe(own === 'rs2' ? undefined : own);
      if (own === 'rs2') expect(['rs1', 'rs3']).toContain(falling(quiesced, arrival)?.name);
      else expect(falling(quiesced, arrival)?.name).toBe(own);
    }
  });
  test('the port counts only where it is asked for', () => {
    const [arrival] = arrivals;
    if (!arrival) throw new Error('no arrival');
    const spread = (choose: ReturnType<typeof maglev>) =>
      new Set(
        Array.from({ length: 50 }, (_, i) => choose(servers(1, 1, 1), { ...arrival, srcPort: i })?.name),
      ).size;
    expect(spread(maglev(80))).toBe(1);
    expect(spread(maglev(80, { port: true }))).toBe(3);
  });
});
