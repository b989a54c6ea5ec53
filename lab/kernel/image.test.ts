import { expect, it } from 'vitest';
import { releaseIn } from './image.ts';

function image(release: string): Buffer {
  const head = Buffer.alloc(0x1000);
  head.write('HdrS', 0x202, 'latin1');
  head.writeUInt16LE(0x400, 0x20e);
  head.write(`${release} (builder) #1 SMP\0`, 0x600, 'latin1');
  return head;
}

it('reads the release from the header', () => {
  expect(releaseIn(image('6.1.0-50-amd64'))).toBe('6.1.0-50-amd64');
});

it.each([
  ['another file', Buffer.from('#!/bin/sh\n')],
  ['nothing', Buffer.alloc(0)],
  ['zeroes', Buffer.alloc(0x1000)],
])('sees that %s is no kernel', (_, head) => {
  expect(releaseIn(head)).toBeUndefined();
});
