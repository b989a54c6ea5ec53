import { expect, it } from 'vitest';
import { randomisedBlocks } from './blocks.ts';

const plan = { variants: ['rr', 'wrr', 'lc'], base: 'rr', blocks: 40, seed: 5 };
const blocks = randomisedBlocks(plan);
const order = (block: (typeof blocks)[number]): string =>
  block.map(({ variant, control }) => (control ? `${variant}*` : variant)).join(' ');

it('every block has every variant once, and the base once more as control', () => {
  expect(blocks).toHaveLength(40);
  for (const block of blocks) expect(order(block).split(' ').sort()).toEqual(['lc', 'rr', 'rr*', 'wrr']);
});

it('the order changes from block to block: each of the 24 is about as likely', () => {
  const many = randomisedBlocks({ ...plan, blocks: 4800 }).map(order);
  const counts = [...new Set(many)].map((one) => many.filter((other) => other === one).length);
  expect(counts).toHaveLength(24);
  expect(Math.min(...counts)).toBeGreaterThan(140);
  expect(Math.max(...counts)).toBeLessThan(260);
});

it('a seed gives the same order, another seed another, a longer plan starts with the shorter one', () => {
  expect(randomisedBlocks(plan)).toEqual(blocks);
  expect(randomisedBlocks({ ...plan, seed: 6 })).not.toEqual(blocks);
  expect(randomisedBlocks({ ...plan, blocks: 7 })).toEqual(blocks.slice(0, 7));
});

it('refuses a plan that means nothing', () => {
  expect(() => randomisedBlocks({ ...plan, base: 'sh' })).toThrow('the base sh is not among rr, wrr, lc');
  expect(() => randomisedBlocks({ ...plan, variants: ['rr', 'rr'] })).toThrow('a variant occurs twice');
});
