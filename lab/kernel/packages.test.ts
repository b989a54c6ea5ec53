import { expect, it } from 'vitest';
import { kernelNames, newestOfSeries, packageFor, parsePackages } from './packages.ts';

const pkgnames = `linux-image-6.1.0-54-rt-amd64-dbg
linux-image-6.12.117+deb12-amd64
linux-image-6.1.0-9-amd64
linux-image-6.1.0-50-amd64-unsigned
linux-image-6.1.0-50-amd64
linux-image-6.1.0-50-cloud-amd64
linux-image-6.12.107+deb12-rt-amd64
linux-image-6.12-amd64
linux-image-amd64
linux-image-amd64-signed-template
`;

/** As apt-cache prints them, without the fields that nobody reads here. */
const shown = `Package: linux-image-6.1.0-9-amd64
Version: 6.1.27-1
Installed-Size: 398000
Size: 69000000

Package: linux-image-6.1.0-50-amd64
Source: linux-signed-amd64 (6.1.176+1)
Version: 6.1.176-1
Installed-Size: 400032
Depends: kmod, linux-base (>= 4.3~), initramfs-tools (>= 0.120+deb8u2) | linux-initramfs-tool
Description: Linux 6.1 for 64-bit PCs (signed)
Size: 70305560

Package: linux-image-6.12.117+deb12-amd64
Version: 6.12.117-1~deb12u1
Installed-Size: 108000
Size: 107179464
`;

it('leaves out debugging, realtime, cloud, unsigned and meta packages', () => {
  expect(kernelNames(pkgnames)).toEqual([
    'linux-image-6.12.117+deb12-amd64',
    'linux-image-6.1.0-9-amd64',
    'linux-image-6.1.0-50-amd64',
  ]);
});

it('reads what is to be fetched, newest first by number and not by letter', () => {
  const packages = parsePackages(shown);
  expect(packages.map(({ release }) => release)).toEqual([
    '6.12.117+deb12-amd64',
    '6.1.0-50-amd64',
    '6.1.0-9-amd64',
  ]);
  expect(packages[1]).toEqual({
    name: 'linux-image-6.1.0-50-amd64',
    release: '6.1.0-50-amd64',
    series: '6.1',
    version: '6.1.176-1',
    downloadBytes: 70_305_560,
    unpackedBytes: 400_032 * 1024,
  });
});

it('takes the newest of a series, which 6.12 is not of 6.1', () => {
  const packages = parsePackages(shown);
  expect(packageFor(packages, '6.1')?.release).toBe('6.1.0-50-amd64');
  expect(packageFor(packages, '6.1.0-9')?.release).toBe('6.1.0-9-amd64');
  expect(packageFor(packages, '6.12.117+deb12-amd64')?.version).toBe('6.12.117-1~deb12u1');
  expect(packageFor(packages, '5.10')).toBeUndefined();
  expect(newestOfSeries(packages).map(({ series }) => series)).toEqual(['6.1', '6.12']);
});

it('finds nothing in nothing', () => {
  expect(parsePackages('')).toEqual([]);
});
