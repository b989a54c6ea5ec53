import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isUp, lastLine, panicReason } from './console.ts';

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
  expect(panicReason(file(text))).toBe('Kernel panic - not syncing: Attempted to kill init!');
  expect(panicReason(file('all is well\n'))).toBeUndefined();
});

it('says with the panic what the guest said last before it', () => {
  const text = `mmapper_init - find_iomem failed
drlab: guest is up\r
mount: /run/guest: fsconfig() failed: hostfs: Unknown parameter '/run/guest'.\r
       dmesg(1) may have more information after failed mount system call.\r

Kernel panic - not syncing: Attempted to kill init! exitcode=0x00004000
CPU: 0 UID: 0 PID: 1 Comm: init Not tainted 6.12.113 #1
`;
  expect(panicReason(file(text))).toBe(
    "Kernel panic - not syncing: Attempted to kill init! exitcode=0x00004000; before that: mount: /run/guest: fsconfig() failed: hostfs: Unknown parameter '/run/guest'.",
  );
});

it('says with a panic of the boot what the kernel said last', () => {
  const text = 'one\ntwo\nthree\n[    0.3] VFS: no root\n[    0.3] Kernel panic - not syncing: VFS\n';
  expect(panicReason(file(text))).toBe(
    'Kernel panic - not syncing: VFS; before that: two | three | VFS: no root',
  );
});

it('finds the last line that says something', () => {
  expect(lastLine(file('one\ntwo\n\n'))).toBe('two');
  expect(lastLine(file('\n'))).toBeUndefined();
});
