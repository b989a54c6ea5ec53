import { expect, test } from 'vitest';
import { latencies } from './figures.ts';

test('median and worst in ms, whatever the order of the samples', () =>
  expect(latencies('connection', [9_000, 1_000, 2_000]).map(({ name, value }) => [name, value])).toEqual([
    ['connection, median', 2],
    ['connection, worst', 9],
  ]));

test('no samples are no worse than zero', () =>
  expect(latencies('connection', []).map(({ value, samples }) => [value, samples])).toEqual([
    [0, 0],
    [0, 0],
  ]));
