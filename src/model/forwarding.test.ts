import { expect, it } from 'vitest';
import { notItsMethod, onlyForwardedBy } from './forwarding.ts';
import { parseLab } from './labfile/index.ts';

const lab = (...methods: string[]) =>
  parseLab(
    `directors: { count: 1, with: ipvsadm }
services: [${methods.map((forward, i) => `{ vip: 198.18.0.100, port: ${80 + i}, forward: ${forward} }`).join(', ')}]`,
    'lab.yaml',
  );

it('says why a check of one method says nothing of a lab of another', () => {
  expect(notItsMethod(lab('tun'), ['dr'])).toBe(
    'it means DR alone, and the services of this lab forward by TUN',
  );
  expect(notItsMethod(lab('tun'), ['dr', 'tun'])).toBeUndefined();
});

it('shows a check the services that it is about, in a lab of several methods', () => {
  const mixed = lab('tun', 'dr');
  expect(notItsMethod(mixed, ['dr'])).toBeUndefined();
  expect(onlyForwardedBy(mixed, ['dr']).services.map(({ port }) => port)).toEqual([81]);
  expect(onlyForwardedBy(mixed, ['dr', 'tun'])).toBe(mixed);
});
