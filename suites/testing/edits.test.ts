import { expect, test } from 'vitest';
import { edited } from './edits.ts';

const seen = { streams: [{ bad: 1 }, { bad: 2 }], vip: 'a' };

test('changes one place, every place of a list, and the whole, and leaves the original alone', () => {
  expect(edited(seen, { 'streams.1.bad': 5 })).toMatchObject({ streams: [{ bad: 1 }, { bad: 5 }] });
  expect(edited(seen, { 'streams.*.bad': (bad: number) => bad + 1 })).toMatchObject({
    streams: [{ bad: 2 }, { bad: 3 }],
  });
  expect(edited(seen, { '': { vip: 'b' } })).toEqual({ vip: 'b' });
  expect(seen.streams[1]?.bad).toBe(2);
});

test('refuses a path that leads nowhere', () => {
  expect(() => edited(seen, { 'streams.2.bad': 0 })).toThrow('nothing at streams.2.bad');
  expect(() => edited(seen, { vips: [] })).toThrow('nothing at vips');
});
