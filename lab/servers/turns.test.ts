import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('works on so many at once, and on the others in the order in which they came', () => {
  const turns = new Turns(2);
  const begun: number[] = [];
  for (const i of [1, 2, 3, 4]) turns.take(() => begun.push(i));
  expect(begun).toEqual([1, 2]);
  turns.give();
  expect(begun).toEqual([1, 2, 3]);
  for (let i = 0; i < 3; i += 1) turns.give();
  for (const i of [5, 6, 7]) turns.take(() => begun.push(i));
  expect(begun).toEqual([1, 2, 3, 4, 5, 6]);
});

it('without a limit never lets anyone wait', () => {
  const turns = new Turns(0);
  let begun = 0;
  for (let i = 0; i < 100; i += 1) turns.take(() => begun++);
  expect(begun).toBe(100);
});
