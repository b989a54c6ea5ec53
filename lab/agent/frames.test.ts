import { expect, it } from 'vitest';
import { encodeFrame, FrameReader } from './frames.ts';

const two = Buffer.concat([encodeFrame('s', 7, ['rs1', '', 'é']), encodeFrame('x', 0xffffffff, '')]);

it.each([1, 2, 9, 10, two.length])('reads the same frames from chunks of %i bytes', (size) => {
  const reader = new FrameReader();
  const frames = [];
  for (let at = 0; at < two.length; at += size) frames.push(...reader.push(two.subarray(at, at + size)));
  expect(frames.map(({ type, id, payload }) => [type, id, payload.toString()])).toEqual([
    ['s', 7, 'rs1\0\0é'],
    ['x', 0xffffffff, ''],
  ]);
});
