import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { type TarEntry, tar } from './tar.ts';

const list = (entries: TarEntry[]): string[] =>
  execFileSync('tar', ['--numeric-owner', '-tvf', '-'], { input: tar(entries) })
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.replace(/ +/g, ' ').replace(/\d{4}-\d\d-\d\d \d\d:\d\d /, ''));

test('tar(1) reads folders, files and links', () => {
  expect(
    list([
      { path: 'tmp', kind: 'folder', mode: 0o1777 },
      { path: 'etc/passwd', kind: 'file', content: 'root\n' },
      { path: 'bin', kind: 'link', target: 'usr/bin' },
    ]),
  ).toEqual(['drwxrwxrwt 0/0 0 tmp', '-rw-r--r-- 0/0 5 etc/passwd', 'lrw-r--r-- 0/0 0 bin -> usr/bin']);
});

test('contents come out as they went in, whatever their size', () => {
  const content = Buffer.from(Array.from({ length: 1025 }, (_, i) => i % 256));
  const archive = tar([{ path: 'x', kind: 'file', content }]);
  expect(archive.length % 512).toBe(0);
  expect(execFileSync('tar', ['-xOf', '-', 'x'], { input: archive })).toEqual(content);
});

test('a long path is split, and one that is too long is refused', () => {
  const path = `${'folder/'.repeat(20)}name`;
  expect(list([{ path, kind: 'file', content: '' }])[0]).toContain(path);
  expect(() => tar([{ path: 'x'.repeat(101), kind: 'folder' }])).toThrow(/too long/);
});
