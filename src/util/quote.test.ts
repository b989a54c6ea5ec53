import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quote, quoteAll } from './quote.ts';

describe('a quoted word', () => {
  it.each([
    '',
    "it's",
    'a b',
    '$HOME `id` \\ "x"',
    "'",
    "''",
    'ü*?[a]~',
    'line\nbreak',
    '#',
    '-n',
    'a=b;c&d|e>f',
  ])('is what it was to a shell: %j', (word) => {
    const said = execFileSync('/bin/sh', ['-c', `printf '[%s]' ${quote(word)}`], { encoding: 'utf8' });
    expect(said).toBe(`[${word}]`);
  });

  it('stays as it is where it needs no quotes', () => {
    for (const word of ['eth0', '198.18.0.1/16', 'fd00::1', '/run/a_b-c', 'n=1,2', '100%', 'u@h+x'])
      expect(quote(word)).toBe(word);
  });
});

it('quotes each word of a command line', () =>
  expect(quoteAll(['ip', 'addr', 'show', "it's", ''])).toBe(`ip addr show 'it'\\''s' ''`));
