import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderOf, ledgerHead, ledgerLine, markOf, type Undo } from './ledger-text.ts';

const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'drlab-ledger-'));
  file = join(dir, 'ledger.sh');
});
afterEach(() => rmSync(dir, { recursive: true }));

function replay(undo: Undo[], options: { bootId?: string; torn?: string } = {}) {
  const of = { id: 'never-used', host: 'rs1', bootId: options.bootId ?? bootId, madeBy: 'a test' };
  writeFileSync(file, ledgerHead(of) + undo.map(ledgerLine).join('') + (options.torn ?? ''));
  try {
    const said = execFileSync('sh', [file], { encoding: 'utf8', stdio: 'pipe' });
    return { code: 0, said };
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: string };
    return { code: status, said: stderr };
  }
}
const note = (text: string, outlivesBoot = false): Undo => ({
  command: `echo ${text} >>'${dir}/out'`,
  outlivesBoot,
});
const out = () => (existsSync(join(dir, 'out')) ? readFileSync(join(dir, 'out'), 'utf8') : '');

describe('a ledger', () => {
  it('undoes the last change first, and removes itself', () => {
    expect(replay([note('first'), note('second')])).toEqual({ code: 0, said: '' });
    expect(out()).toBe('second\nfirst\n');
    expect(existsSync(file)).toBe(false);
  });

  it('passes over a line that was torn, and not the one before', () => {
    expect(replay([note('whole')], { torn: `#~ echo torn >>'${dir}/out'` }).code).toBe(0);
    expect(out()).toBe('whole\n');
  });

  it('says what could not be undone, goes on with the rest, and stays', () => {
    const { code, said } = replay([note('first'), { command: 'false something' }, note('last')]);
    expect(code).toBe(1);
    expect(said).toBe('not undone: false something\n');
    expect(out()).toBe('last\nfirst\n');
    expect(existsSync(file)).toBe(true);
  });

  it('leaves out what ended with the machine when that was restarted', () => {
    expect(replay([note('files', true), note('address')], { bootId: 'another' }).code).toBe(0);
    expect(out()).toBe('files\n');
  });

  it('does not lose lines to a command that reads', () => {
    replay([note('first'), { command: 'cat >/dev/null' }]);
    expect(out()).toBe('first\n');
  });

  it('restores words and quotes as they were, and passes over what is gone', () => {
    writeFileSync(join(dir, 'value'), 'new');
    const restore = (name: string) => ({ command: `sysctl_back '${dir}/${name}' '4096\t87380 it'\\''s'` });
    expect(replay([restore('value'), restore('gone')]).code).toBe(0);
    expect(readFileSync(join(dir, 'value'), 'utf8')).toBe("4096\t87380 it's\n");
    expect(existsSync(join(dir, 'gone'))).toBe(false);
  });

  it('refuses a change that takes two lines to undo', () => {
    expect(() => ledgerLine({ command: 'one\ntwo' })).toThrow('one line');
  });

  it('keeps hosts apart whose names begin alike', () => {
    const [one, ten] = [markOf({ id: 'x', host: 'rs1' }), markOf({ id: 'x', host: 'rs10' })];
    expect(ten.startsWith(one)).toBe(false);
    expect(folderOf({ id: 'x', host: 'rs1' })).toMatch(/^\/run\/drlab-/);
  });
});
