import { expect, test } from 'vitest';
import { contextsOf, keywords, keywordsOf } from './keyword.ts';

test('the table is published for editors', async () => {
  const published = keywords.map(({ block, ...one }) => (block ? { ...one, block } : one));
  const rows = published.map((one) => `    ${JSON.stringify(one)}`).join(',\n');
  const text = `{\n  "program": "keepalived",\n  "version": "2.2.7",\n  "keywords": [\n${rows}\n  ]\n}\n`;
  await expect(text).toMatchFileSnapshot('../../../docs/keepalived-keywords.json');
});

test('each keyword is told once a block, with the release that brought it', () => {
  const names = keywords.map(({ context, name }) => `${context}.${name}`);
  expect(new Set(names).size).toBe(names.length);
  expect(keywords.filter(({ since }) => !/^\d+\.\d+\.\d+$/.test(since))).toEqual([]);
});

test('each block of keywords has keywords, and each context is such a block', () => {
  const blocks = keywords
    .filter((one) => one.block === 'keywords')
    .map(({ context, name }) => (context ? `${context}.${name}` : name));
  expect(blocks.filter((one) => keywordsOf(one).size === 0)).toEqual([]);
  expect(new Set(keywords.map((one) => one.context))).toEqual(new Set(['', ...blocks]));
});

test('a word is found wherever it is a keyword', () => {
  expect(contextsOf('hysteresis')).toEqual(['virtual_server']);
  expect(keywordsOf('virtual_server.real_server.HTTP_GET').get('nb_get_retry')?.since).toBe('0.5.3');
});
