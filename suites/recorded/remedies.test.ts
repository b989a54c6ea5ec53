import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Check } from '../../src/model/check.ts';
import { driverTraitsOf } from '../../src/model/driver-traits.ts';
import { asset } from '../../src/util/root.ts';
import { switchName } from '../common/subjects.ts';
import { checks } from '../index.ts';
import { readRecording } from './recorded.ts';

/** What a reader is told to do can be done: in the remedies of all failures that were recorded, and in the sources. */

const placeholder =
  /\b(VIP|RIP|DIP|CIP|MAC|IFACE|DEV|PORT|NAME|HOST|WEIGHT|PREFIX|SCHEDULER|OTHER)\b|…|\.{3}|<\w+>/;
const unset = /undefined|NaN|\bnull\b|\[object/;

/** One shell for all of them: each becomes the body of a function, which is parsed and not run. */
const parsing = 'for c; do (eval "f() { :; $c\n}") 2>&- || printf "%s\\0" "$c"; done';
function unparsed(commands: string[]): string[] {
  const { status, stdout } = spawnSync('sh', ['-c', parsing, 'sh', ...commands], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`sh ended with ${status}`);
  return stdout.split('\0').slice(0, -1);
}

const wrongWith = (commands: string[]): string[] => {
  const all = [...new Set(commands)];
  return [
    ...all.filter((one) => placeholder.test(one)).map((one) => `a placeholder in «${one}»`),
    ...all.filter((one) => unset.test(one)).map((one) => `a value that is not there in «${one}»`),
    ...unparsed(all).map((one) => `no shell takes «${one}»`),
  ];
};

function complaintsOf(check: Check): string[] {
  return (readRecording(check)?.cases ?? []).flatMap(({ name, spec, observation }) => {
    const { verdict, remedy = [] } = check.judge(observation, { spec });
    const switches = driverTraitsOf(spec).switchIsHost ? [switchName] : [];
    const hosts = new Set([...spec.hosts.map((host) => host.name), ...switches]);
    const wrong = [
      ...remedy.flatMap((step) => ('run' in step && !hosts.has(step.on) ? [`no host «${step.on}»`] : [])),
      ...remedy.flatMap((step) =>
        'advice' in step && unset.test(step.advice) ? [`nothing is said by «${step.advice}»`] : [],
      ),
      ...wrongWith(remedy.flatMap((step) => ('run' in step ? [step.run] : []))),
    ];
    if (verdict === 'fail' && remedy.length === 0) wrong.push('no remedy');
    return wrong.map((what) => `${name}: ${what}`);
  });
}

const recorded = checks.filter((check) => check.mutants.length > 0 && readRecording(check) !== undefined);
test.each(recorded)('the remedies of $id run as they are on hosts of its lab', (check) => {
  expect(complaintsOf(check)).toEqual([]);
});

/** The texts of string literals from `at` on, each `${…}` a word, up to the parenthesis that closes. */
function textsIn(source: string, at: number): { texts: string[]; end: number } {
  const texts: string[] = [];
  let depth = 1;
  let i = at;
  for (; depth > 0 && i < source.length; i += 1) {
    const mark = source[i] ?? '';
    if ('({['.includes(mark)) depth += 1;
    else if (')}]'.includes(mark)) depth -= 1;
    else if ('\'"`'.includes(mark)) {
      const [text, end] = literal(source, i);
      texts.push(text);
      i = end;
    }
  }
  return { texts, end: i };
}

function literal(source: string, from: number): [text: string, end: number] {
  let text = '';
  let i = from + 1;
  for (; source[i] !== source[from]; i += 1) {
    if (source[i] === '\\') i += 1;
    if (source.startsWith('${', i) && source[from] === '`') {
      i = textsIn(source, i + 2).end - 1;
      text += 'word';
    } else text += source[i];
  }
  return [text, i];
}

const sources = readdirSync(asset('suites'), { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
);

describe('the sources', () => {
  test('name no placeholder in a command, and every command is one for a shell', () => {
    const commands = sources.flatMap((file) => {
      const source = readFileSync(join(asset('suites'), file), 'utf8');
      if (!source.includes('/remedy.ts')) return [];
      return [...source.matchAll(/(?<!\w|\w\.)on\(/g)].flatMap(
        ({ index, 0: call }) => textsIn(source, index + call.length).texts,
      );
    });
    // Names of roles are among them, which are commands to a shell, too.
    expect(commands.length).toBeGreaterThan(300);
    expect(wrongWith(commands)).toEqual([]);
  });
});
