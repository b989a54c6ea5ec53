import { describe, expect, it } from 'vitest';
import { allowedCpus, busyShares, pickCpu } from './cpu.ts';

describe('the CPU of a guest', () => {
  it('is one that this process may use', () => {
    expect(allowedCpus('Name:\tx\nCpus_allowed:\tf\nCpus_allowed_list:\t0-2,5\n')).toEqual([0, 1, 2, 5]);
    expect(allowedCpus('Cpus_allowed_list:\t3\n')).toEqual([3]);
    expect(allowedCpus('')).toEqual([]);
  });

  it('is known by how busy it was between two readings', () => {
    const before = 'cpu  9 9 9 9 9 9 9 9\ncpu0 10 0 10 80 0 0 0 0 0 0\ncpu1 0 0 0 100 0 0 0 0 0 0\n';
    const after = 'cpu  9 9 9 9 9 9 9 9\ncpu0 14 0 11 80 5 0 0 0 0 0\ncpu1 0 0 0 100 0 0 0 0 0 0\n';
    expect(busyShares(before, after)).toEqual(
      new Map([
        [0, 0.5],
        [1, 0],
      ]),
    );
  });

  it('has the fewest guests, and then the least to do', () => {
    const busy = new Map([
      [0, 0.1],
      [1, 0.9],
    ]);
    expect(pickCpu([0, 1], new Map(), busy)).toBe(0);
    expect(pickCpu([0, 1], new Map([[0, 1]]), busy)).toBe(1);
    expect(pickCpu([0, 1], new Map(), new Map())).toBe(0);
  });

  it('is not chosen where there is only one, or none is known', () => {
    expect(pickCpu([3], new Map(), new Map())).toBeUndefined();
    expect(pickCpu([], new Map(), new Map())).toBeUndefined();
  });
});
