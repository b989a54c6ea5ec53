import { expect, it } from 'vitest';
import { formatSubnet, holds, overlap, parseInterfaceAddress, subnetOf } from './subnet.ts';

const network = (text: string) => {
  const found = subnetOf(text);
  if (!found) throw new Error(`${text} is no network`);
  return found;
};

it('finds the network of an address of either family', () => {
  expect(formatSubnet(network('198.18.3.7/22'))).toBe('198.18.0.0/22');
  expect(formatSubnet(network('fd64:726c:6162:1::7/64'))).toBe('fd64:726c:6162:1::/64');
  expect(formatSubnet(network('198.18.3.7/32'))).toBe('198.18.3.7/32');
});

it('takes no other text for an address', () => {
  for (const text of [
    '',
    '198.18.0/16',
    '198.18.0.1/33',
    '198.18.0.1/',
    '198.18.0.1/1/2',
    'fd64::1/129',
    'eth0',
  ])
    expect(subnetOf(text)).toBeUndefined();
  expect(parseInterfaceAddress('198.18.0.1')).toEqual({ family: 4, value: 0xc612_0001n });
});

it('knows what is in a network, and whether two have anything in common', () => {
  expect(holds(network('198.18.0.0/16'), '198.18.255.255')).toBe(true);
  expect(holds(network('198.18.0.0/16'), '198.19.0.0')).toBe(false);
  expect(holds(network('fd64:726c:6162::/48'), 'fd64:726c:6162:9::1')).toBe(true);
  expect(holds(network('198.18.0.0/16'), 'fd64::1')).toBe(false);
  expect(overlap(network('198.18.0.0/15'), network('198.19.7.0/24'))).toBe(true);
  expect(overlap(network('198.18.0.0/16'), network('198.19.0.0/16'))).toBe(false);
});
