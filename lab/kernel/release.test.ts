import { expect, it } from 'vitest';
import { compareReleases, isRelease, looksLikeRelease } from './release.ts';

it('orders releases by their numbers', () => {
  const releases = ['6.12.9+deb12-amd64', '6.1.0-9-amd64', '6.12.117+deb12-amd64', '6.1.0-50-amd64'];
  expect(releases.sort(compareReleases)).toEqual([
    '6.1.0-9-amd64',
    '6.1.0-50-amd64',
    '6.12.9+deb12-amd64',
    '6.12.117+deb12-amd64',
  ]);
});

it.each([
  ['6.1.0-50-amd64', '6.1', true],
  ['6.1.0-50-amd64', '6.1.0-5', false],
  ['6.12.117+deb12-amd64', '6.1', false],
  ['6.12.117+deb12-amd64', '6.12.117+deb12-amd64', true],
])('%s is meant by %s: %s', (release, wanted, meant) => {
  expect(isRelease(release, wanted)).toBe(meant);
});

it('tells releases from files', () => {
  expect(['6.1', '6.12.117+deb12-amd64'].every(looksLikeRelease)).toBe(true);
  expect(['./bzImage', '/boot/vmlinuz-6.1', 'bzImage', '6.1/bzImage'].some(looksLikeRelease)).toBe(false);
});
