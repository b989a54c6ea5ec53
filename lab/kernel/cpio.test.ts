import { expect, it } from 'vitest';
import { cpio } from './cpio.ts';

const archive = cpio([
  { path: 'dev', kind: 'folder', mode: 0o755 },
  { path: 'init', kind: 'file', mode: 0o700, content: Buffer.from('hello') },
]);

/** Headers and names of a «newc» archive, read as buffer-format.rst says. */
function entries(data: Buffer) {
  const found: { magic: string; mode: number; name: string; content: string }[] = [];
  for (let at = 0; at < data.length; ) {
    const field = (index: number) =>
      Number.parseInt(data.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16);
    const nameBytes = field(11);
    const name = data.toString('latin1', at + 110, at + 110 + nameBytes - 1);
    const start = Math.ceil((at + 110 + nameBytes) / 4) * 4;
    const content = data.toString('latin1', start, start + field(6));
    found.push({ magic: data.toString('latin1', at, at + 6), mode: field(1), name, content });
    at = Math.ceil((start + field(6)) / 4) * 4;
  }
  return found;
}

it('holds every entry with kind, mode and content, and ends with the trailer', () => {
  expect(entries(archive)).toEqual([
    { magic: '070701', mode: 0o040755, name: 'dev', content: '' },
    { magic: '070701', mode: 0o100700, name: 'init', content: 'hello' },
    { magic: '070701', mode: 0, name: 'TRAILER!!!', content: '' },
  ]);
});

it('is aligned to four bytes throughout', () => {
  expect(archive.length % 4).toBe(0);
  expect(archive.indexOf('hello') % 4).toBe(0);
});
