import { expect, it } from 'vitest';
import { askedPort, freshPort, freshPorts } from './ports.ts';

const first = (count: number, localAddress?: string): number[] =>
  Array.from({ length: count }, () => freshPort(localAddress));

it('gives a port again only when all of its range have been used', () => {
  const ports = first(freshPorts, '198.18.250.1');
  expect(new Set(ports).size).toBe(freshPorts);
  expect(freshPort('198.18.250.1')).toBe(ports[0]);
});

it('never gives a named address a port that the kernel may have used with the same address', () => {
  const chosen = new Set(first(freshPorts));
  expect(first(freshPorts, '198.18.250.2').filter((port) => chosen.has(port))).toEqual([]);
});

it('stays below the ports that the kernel gives out', () => {
  expect(Math.max(...first(freshPorts), ...first(freshPorts, '198.18.250.3'))).toBeLessThan(32_768);
});

it('counts the ports of each protocol for itself', () => {
  const ports = first(3, '198.18.250.5');
  expect(Array.from({ length: 3 }, () => freshPort('198.18.250.5', 'udp'))).toEqual(ports);
});

it('gives no port that somebody asked for by its number', () => {
  const next = freshPort('198.18.250.4') + 1;
  expect([next, next + 1].map(askedPort)).toEqual([next, next + 1]);
  expect(freshPort('198.18.250.4')).toBe(next + 2);
});
