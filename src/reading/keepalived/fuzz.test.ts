import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lint } from '../../lint/index.ts';
import { hostOf } from '../../lint/testing/hosts.ts';
import { randomFrom } from '../../statistics/random.ts';
import { readText } from '../testing/texts.ts';
import { keywords } from './keyword.ts';

/** Files that nobody would write: cut, shuffled, with bytes and words of keepalived in the wrong place. */

const corpus = fileURLToPath(new URL('corpus', import.meta.url));
const texts = readdirSync(corpus).map((name) => readFileSync(`${corpus}/${name}`, 'utf8'));
const bits = [
  ...'{}"\'\\$@~!#\t\r\n \0ü',
  '~SEQ(A,1,9)',
  '~LST(A,1,2)',
  `${'$'}{A}`,
  '$A=$A \\\n',
  'include *',
  '@^x ',
  ...keywords.map(({ name }) => name),
];

const { below } = randomFrom(17);
const one = <T>(of: readonly T[]): T => of[below(of.length)] as T;

function broken(): string {
  let text = one(texts);
  for (let i = below(6); i >= 0; i--) {
    const at = below(text.length + 1);
    const length = below(40);
    const change = below(4);
    if (change === 0) text = text.slice(0, at);
    else if (change === 1) text = text.slice(0, at) + text.slice(at + length);
    else if (change === 2) text = text.slice(0, at) + one(bits) + text.slice(at);
    else text = text.slice(0, at) + one(texts).slice(at, at + 10 * length) + text.slice(at);
  }
  return text;
}

test('1,000 broken files: each is read and judged in time, and each remark has a place in the file', () => {
  for (let i = 0; i < 1_000; i++) {
    const text = broken();
    const start = performance.now();
    const { remarks } = readText(text);
    const findings = lint([hostOf('keepalived', { keepalived: text })]);
    const tookMs = performance.now() - start;
    const lines = text.split('\n').length;
    const outside = [...remarks, ...findings].filter(
      ({ place: { line, column } }) => line < 1 || line > lines || column < 1,
    );
    if (outside.length > 0 || tookMs > 10_000)
      expect({ text, outside, tookMs }).toEqual({
        outside: [],
        tookMs: 'less than 10 s, on a busy machine, too',
      });
  }
});
