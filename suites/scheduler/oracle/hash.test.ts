import { describe, expect, test } from 'vitest';
import { destinationHash, hash32, sourceBucket, sourceHash, sourceTable } from './hash.ts';
import type { Server } from './server.ts';

const servers = (...weights: number[]): Server[] =>
  weights.map((weight, i) => {
    const name = `rs${weights.length - i}`;
    return { name, ip: `198.18.1.${weights.length - i}`, weight, active: 0, inactive: 0 };
  });
const from = (srcIp: string, srcPort = 1000) => ({ srcIp, srcPort, dstIp: '198.18.0.100' });

describe('hash32', () => {
  test('takes the upper bits of the product modulo 2^32', () => {
    expect(hash32(1, 8)).toBe(0x61);
    expect(hash32(2, 8)).toBe(0xc3);
    expect(hash32(0xffffffff, 8)).toBe(0x9e);
    expect(hash32(2 ** 32 + 1, 8)).toBe(hash32(1, 8));
  });
});

describe('sh', () => {
  test('shares 256 buckets by weight, in rounds', () => {
    const table = sourceTable(servers(3, 2, 1)).map(({ name }) => name);
    expect(table.slice(0, 7)).toEqual(['rs3', 'rs3', 'rs3', 'rs2', 'rs2', 'rs1', 'rs3']);
    const shares = ['rs3', 'rs2', 'rs1'].map((one) => table.filter((name) => name === one).length);
    expect(shares).toEqual([129, 85, 42]);
  });
  test('weight 0 owns a bucket, and who falls into it is refused unless there is a fallback', () => {
    const quiesced = servers(3, 0, 1);
    const table = sourceTable(quiesced);
    expect(table.filter(({ name }) => name === 'rs2')).toHaveLength(51);
    const unlucky = Array.from({ length: 200 }, (_, i) => `198.18.2.${i}`).find(
      (ip) => table[sourceBucket(ip)]?.name === 'rs2',
    );
    expect(sourceHash()(quiesced, from(unlucky ?? ''))).toBeUndefined();
    expect(sourceHash({ fallback: true })(quiesced, from(unlucky ?? ''))?.weight).toBeGreaterThan(0);
  });
  test('the port counts only where it is asked for', () => {
    const spread = (choose: ReturnType<typeof sourceHash>) =>
      new Set(Array.from({ length: 50 }, (_, i) => choose(servers(1, 1, 1), from('198.18.2.1', i))?.name))
        .size;
    expect(spread(sourceHash())).toBe(1);
    expect(spread(sourceHash({ port: true }))).toBe(3);
  });
  test('is not consistent: without one of three equal servers 86 of 171 surviving buckets change hands', () => {
    const three = sourceTable(servers(1, 1, 1));
    const two = sourceTable(servers(1, 1, 1).filter((one) => one.name !== 'rs2'));
    const surviving = three.flatMap(({ name }, i) => (name === 'rs2' ? [] : [{ name, now: two[i]?.name }]));
    expect(surviving).toHaveLength(171);
    expect(surviving.filter(({ name, now }) => name !== now)).toHaveLength(86);
  });
});

describe('dh', () => {
  test('one VIP is one server, whoever asks', () => {
    const own = destinationHash(servers(1, 2, 3), from('198.18.2.1'))?.name;
    expect(own).toBeDefined();
    for (let i = 0; i < 50; i++)
      expect(destinationHash(servers(1, 2, 3), from(`198.18.2.${i}`))?.name).toBe(own);
  });
  test('several VIPs spread', () => {
    const names = Array.from(
      { length: 9 },
      (_, i) => destinationHash(servers(1, 1, 1), { ...from('198.18.2.1'), dstIp: `198.18.0.${i}` })?.name,
    );
    expect(new Set(names).size).toBe(3);
  });
});
