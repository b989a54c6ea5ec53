import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Host } from '../model/host.ts';
import { asset } from '../util/root.ts';
import { programNames, programPath, programText, rowsOf, runProgram, startProgram } from './index.ts';

describe.each(programNames)('%s.pl', (name) => {
  it('is Perl, without a warning', () => {
    const { stderr } = spawnSync('perl', ['-c', programPath(name)], { encoding: 'utf8' });
    expect(stderr).toBe(`${programPath(name)} syntax OK\n`);
  });

  it('says in its head what it is, and is strict', () => {
    expect(programText(name)).toMatch(/^# /);
    expect(programText(name)).toMatch(/^use strict;\nuse warnings;\n/m);
  });
});

it('every program in the folder has a name here', () => {
  const files = readdirSync(asset('src/programs')).filter((file) => file.endsWith('.pl'));
  expect(files.sort()).toEqual(programNames.map((name) => `${name}.pl`).sort());
});

describe('no other program', () => {
  /** One before there is an agent, and one that tries how agents run Perl. */
  const allowed = ['lab/netns/program.ts', 'lab/ssh/machine.ts', 'src/programs/index.ts'];

  it('of Perl stands in a text of TypeScript', () => {
    const files = ['src', 'lab', 'suites'].flatMap((folder) =>
      readdirSync(asset(folder), { recursive: true }).map((file) => `${folder}/${file}`),
    );
    const sources = files.filter((file) => /\.ts$/.test(file) && !/\.test\.ts$|\/testing\//.test(file));
    const perl = /\bperl( -[A-Z]\S+)* -(e|\s)|'perl',\s*'-|<<'?PERL/;
    const found = sources.filter((file) => perl.test(readFileSync(asset(file), 'utf8')));
    expect(found.sort()).toEqual(allowed);
  });
});

const here = {
  run: async ([program = '', ...words]: string[], { input = '' } = {}) => ({
    code: 0,
    stdout: execFileSync(program, words, { input, encoding: 'utf8' }),
    stderr: '',
  }),
} as unknown as Host;

describe('running a program', () => {
  it('gives it its words and brings back those of its lines', async () => {
    const [[ahead = ''] = []] = await runProgram(here, 'clock', []);
    expect(Number(ahead)).toBeGreaterThan(0);
  });

  it('starts one that goes on in the same way', async () => {
    const spawned: string[][] = [];
    await startProgram({ spawn: async (argv) => spawned.push(argv) as never }, 'flap', [400, 3, 'p1']);
    expect(spawned).toEqual([['perl', '-e', programText('flap'), '400', '3', 'p1']]);
  });
});

describe('rows', () => {
  it('are the words of each line, empty lines among them', () =>
    expect(rowsOf('a b\n\nc\n')).toEqual([['a', 'b'], [''], ['c']]));
  it('are none of nothing', () => expect(rowsOf('')).toEqual([]));
});
