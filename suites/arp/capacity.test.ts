import { describe, expect, test } from 'vitest';
import { findLab, readLab } from '../../src/model/labfile/index.ts';
import { remedyText } from '../testing/remedy.ts';
import { type Capacity, neighboursFit, parseTable } from './capacity.ts';

const { spec } = await readLab(await findLab('default'));
const text = `inet arp_cache
    thresh1 128 thresh2 512 thresh3 1024 gc_int 30000
    config key_len 4 entry_size 336 entries 29
    stats allocs 2580 destroys 2551 hash_grows 3
    periodic_gc_runs 974 forced_gc_runs 0
    table_fulls 7

inet arp_cache
    dev eth0
    refcnt 1 reachable 20016
`;
const table = { thresholds: [128, 512, 1024] as [number, number, number], entries: 29, refused: 0 };
const judge = (seen: Partial<Capacity>) =>
  neighboursFit.judge(
    { director: 'd1', onLink: 6, answered: 6, before: table, after: table, ...seen },
    { spec },
  );

test('reads the table of the kernel', () => {
  expect(parseTable(text)).toEqual({ ...table, refused: 7 });
  expect(parseTable('')).toBeNull();
});

describe('the neighbour table', () => {
  test('passes with room and nothing refused', () => {
    expect(judge({}).verdict).toBe('pass');
  });

  test('fails when entries were refused meanwhile', () => {
    const said = judge({ after: { ...table, refused: 3 } });
    expect(said.verdict).toBe('fail');
    expect(said.cause).toMatch(/overflowed/);
    expect(remedyText(said)).toMatch(/gc_thresh3=48/);
  });

  test('fails when the segment has more hosts than it may hold', () => {
    expect(judge({ onLink: 1024 })).toMatchObject({
      verdict: 'fail',
      cause: expect.stringMatching(/gc_thresh3 of d1 is below the 1024 hosts/),
    });
  });

  test('is inconclusive where the director does not tell', () => {
    expect(judge({ after: null }).verdict).toBe('inconclusive');
  });
});
