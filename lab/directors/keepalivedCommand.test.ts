import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepalivedCommand, log } from './keepalivedCommand.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'drlab keepalived-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** The options that a keepalived gets whose help has these lines. */
async function optionsFor(help: string, ...more: string[]): Promise<string[]> {
  const path = join(dir, 'keepalived');
  const said = `if [ "$1" = --help ]; then echo '${help}' >&2; exit; fi\nfor word; do echo "$word"; done`;
  writeFileSync(path, `#!/bin/sh\n${said}\n`);
  chmodSync(path, 0o755);
  const run = (script: string): string =>
    execFileSync('sh', ['-c', script], {
      cwd: dir,
      env: { PATH: `${dir}:${process.env.PATH}` },
      encoding: 'utf8',
    });
  const host = { exec: async (script: string) => ({ code: 0, stdout: run(script), stderr: '' }) };
  const command = await keepalivedCommand(host, ...more);
  expect(command).toMatch(/^exec keepalived /);
  run(command);
  return readFileSync(join(dir, log), 'utf8').trim().split('\n');
}

it('gives each process of keepalived a pid file in the folder of its host', async () => {
  const options = await optionsFor('  -b, --bfd_pid=FILE   Use specified pidfile', '-P');
  const files = options.flatMap((word, i) => (/^-[prcb]$/.test(word) ? [[word, options[i + 1]]] : []));
  expect(files).toEqual([
    ['-p', join(dir, 'keepalived.pid')],
    ['-r', join(dir, 'vrrp.pid')],
    ['-c', join(dir, 'checkers.pid')],
    ['-b', join(dir, 'bfd.pid')],
  ]);
  expect(options).toContain('-P');
});

it('names none of BFD to a keepalived without it, which would refuse to start', async () => {
  expect(await optionsFor('  -c, --checkers_pid=FILE')).not.toContain('-b');
});
