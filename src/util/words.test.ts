import { expect, it } from 'vitest';
import { andList, orList } from './words.ts';

it.each([
  [[], '', ''],
  [['a'], 'a', 'a'],
  [['a', 'b'], 'a or b', 'a and b'],
  [['a', 'b', 'c'], 'a, b or c', 'a, b and c'],
])('%j', (words, or, and) => {
  expect([orList(words), andList(words)]).toEqual([or, and]);
});
