import { describe, expect, it } from 'vitest';
import { endpoint, formatIpv6, fullIpv6, parseIpv6 } from './ipv6.ts';

describe('parseIpv6', () => {
  it('reads all eight groups, and a gap anywhere', () => {
    expect(parseIpv6('2001:DB8:0:1:2:3:4:ffff')).toEqual([0x2001, 0xdb8, 0, 1, 2, 3, 4, 0xffff]);
    expect(parseIpv6('::')).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(parseIpv6('::1')).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
    expect(parseIpv6('fe80::')).toEqual([0xfe80, 0, 0, 0, 0, 0, 0, 0]);
    expect(parseIpv6('fd00::1:2')).toEqual([0xfd00, 0, 0, 0, 0, 0, 1, 2]);
  });

  it.each([
    '',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '1:2:3:4:5:6:7::8',
    'fe80::1%eth0',
    'fd00::12345',
    '198.18.0.1',
    ':1::',
  ])('refuses «%s»', (text) => expect(parseIpv6(text)).toBeUndefined());
});

describe('formatIpv6', () => {
  it.each([
    '::',
    '::1',
    'fd00::',
    'fd00:0:1::',
    '2001:db8:0:1:1:1:1:1',
    '1:0:0:2::3',
    'fd64:726c:6162:0:198:18:0:100',
  ])('writes %s as RFC 5952 does', (text) => expect(formatIpv6(parseIpv6(text) ?? [])).toBe(text));
});

it('writes all digits as the kernel does', () => {
  expect(fullIpv6('fd00::64')).toBe('fd00:0000:0000:0000:0000:0000:0000:0064');
  expect(() => fullIpv6('198.18.0.1')).toThrow('is not an IPv6 address');
});

it('puts brackets where a port follows', () => {
  expect(endpoint('fd00::64', 80)).toBe('[fd00::64]:80');
  expect(endpoint('198.18.0.100', 80)).toBe('198.18.0.100:80');
});
