import { expect, test } from 'vitest';
import { crowding } from './crowding.ts';

test.each([
  [0.1, 2, 1],
  [2, 2, 1],
  [17, 2, 8.5],
  [500, 2, 20],
])('a load of %d on %i CPUs stretches time limits by %d', (load, cpus, times) => {
  expect(crowding(load, cpus)).toBe(times);
});
