import { expect, test } from 'vitest';
import { didYouMean, nearest } from './nearest.ts';

test.each([
  ['wieght', 'weight'],
  ['defualt', 'default'],
  ['Scheduler', 'scheduler'],
  ['wr', 'wrr'],
])('%s is meant as %s', (word, meant) => {
  expect(nearest(word, ['weight', 'default', 'scheduler', 'wrr', 'name'])).toBe(meant);
});

test('nothing is suggested where nothing is close', () => {
  expect(nearest('colour', ['weight', 'name'])).toBeUndefined();
  expect(didYouMean('colour', ['weight', 'name'])).toBe('');
});
