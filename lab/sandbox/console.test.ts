import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isUp, lastLine, panicLine } from './console.ts';

let dir: string;
const file = (text: string) => {
  const path = join(dir, 'console.txt');
  writeFileSync(path, text);
  return path;
};
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'drlab-console-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

it('knows the sign of life among kernel lines, whatever the line ends', () => {
  expect(isUp(file('mmapper_init - find_iomem failed\r\ndrlab: guest is up\r\n'))).toBe(true);
  expect(isUp(file('drlab: guest is u'))).toBe(false);
  expect(isUp(join(dir, 'absent'))).toBe(false);
});

it('quotes the panic without its time stamp', () => {
  const text = '[    1.2] Kernel panic - not syncing: Attempted to kill init!\nCPU: 0 PID: 1\n';
  expect(panicLine(file(text))).toBe('Kernel panic - not syncing: Attempted to kill init!');
  expect(panicLine(file('all is well\n'))).toBeUndefined();
});

it('finds the last line that says something', () => {
  expect(lastLine(file('one\ntwo\n\n'))).toBe('two');
  expect(lastLine(file('\n'))).toBeUndefined();
});
