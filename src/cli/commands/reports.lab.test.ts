import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../../suites/index.ts';
import { readRecord } from '../../model/stored/record.ts';
import { command, drlab, startCommand, TestFolder } from '../testing/drlab.ts';

/** What programs read, and reports drawn again. */

let folder: TestFolder;
const run = (name: string, ...more: string[]) =>
  drlab(['run', 'ARP-01', 'ARP-06', '--lab', 'nftables', '--out', folder.at(name), ...more]);

beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('a run', () => {
  it('with --json prints its record and nothing else', async () => {
    const { code, stdout, stderr } = await run('json', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(await readRecord(folder.at('json')));
  });

  it('with --quiet prints the summary only', async () => {
    const { code, stdout } = await run('quiet', '--quiet');
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/^sandbox|^lab up|✓ ARP-01/m);
    expect(stdout).toMatch(/Conformant: 2 of 2 MUST checks pass.*Report: /s);
  });

  it('is drawn again from its record', async () => {
    const html = folder.at('json', 'report.html');
    const first = readFileSync(html, 'utf8');
    rmSync(html);
    const { code, stdout } = await drlab(['report', folder.at('json')]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/Conformant: 2 of 2/) });
    expect(readFileSync(html, 'utf8')).toBe(first);
  });

  it('is compared with another', async () => {
    const out = folder.at('compared');
    const runs = [folder.at('json'), folder.at('quiet', 'run.json')];
    const { code, stdout } = await drlab(['report', ...runs, '--out', out]);
    expect(code).toBe(0);
    for (const one of runs) expect(stdout).toContain((await readRecord(one)).id);
    expect(readFileSync(`${out}/compare.html`, 'utf8')).toMatch(/^<!doctype html>/i);
    expect(readFileSync(`${out}/compare.md`, 'utf8')).toMatch(/^#/);
    const both = await drlab(['report', ...runs, '--json', '--out', out]);
    expect(JSON.parse(both.stdout)).toHaveLength(2);
  });
});

describe('for programs', () => {
  it('list tells everything about each check', async () => {
    const { code, stdout } = await drlab(['list', 'arp', 'PP-1', '--json']);
    const checks = JSON.parse(stdout) as { id: string; level: string; source: string; mutants: unknown[] }[];
    expect(code).toBe(0);
    expect(checks.map(({ id }) => id)).toEqual(expect.arrayContaining(['ARP-01', 'PP-11', 'PP-16']));
    expect(
      checks.filter(({ level, source, mutants }) => level === 'must' && (!source || mutants.length === 0)),
    ).toEqual([]);
  });

  it('a slow reader gets all of it', async () => {
    const list = command(['list', '--json']).join(' ');
    const { stdout } = await startCommand(['sh', '-c', `${list} | { sleep 0.5; cat; }`]).ended;
    const ids = (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual(checks.map(({ id }) => id));
  });

  it('doctor says which sandboxes work', async () => {
    const { code, stdout } = await drlab(['doctor', '--json']);
    const { ready, sandboxes, findings } = JSON.parse(stdout);
    expect(code).toBe(ready ? 0 : 69);
    expect(sandboxes.map(({ sandbox }: { sandbox: string }) => sandbox)).toEqual(
      expect.arrayContaining(['host', 'uml']),
    );
    expect(findings).toContainEqual(expect.objectContaining({ name: 'ipvsadm', ok: expect.any(Boolean) }));
  });

  it('completion is a script that bash understands and that completes', async () => {
    const { code, stdout } = await drlab(['completion', 'bash']);
    expect(code).toBe(0);
    const complete = async (...words: string[]) => {
      const typed = `${stdout}\nCOMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _drlab; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout: said, stderr } = await startCommand(['bash', '-c', typed, 'bash', 'drlab', ...words])
        .ended;
      expect(stderr).toBe('');
      return said.trim().split('\n');
    };
    expect((await startCommand(['bash', '-n', '-c', stdout]).ended).stderr).toBe('');
    expect(await complete('mut')).toEqual(['mutants']);
    expect(await complete('run', 'ARP-0')).toContain('ARP-01');
    expect(await complete('run', '--sand')).toEqual(['--sandbox']);
    expect(await complete('lab', 'sh')).toEqual(['shell']);
    expect(await complete('lab', 'shell', '--l')).toEqual(['--lab']);
  });
});
