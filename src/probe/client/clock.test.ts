import { describe, expect, it } from 'vitest';
import { onOurClock } from './clock.ts';

const call = { askedNs: 1_000_000_000n, answeredNs: 1_300_000_000n };

describe('a moment on the clock of a client', () => {
  it('is the same moment on one kernel', () => {
    expect(onOurClock(1_319_000_000n, call, 20)).toBe(1_319_000_000n);
    expect(onOurClock(1_100_000_000n, call, 20)).toBe(1_100_000_000n);
  });

  it('is reckoned from the answer where the clock is another, ahead or behind', () => {
    expect(onOurClock(99_000_000_000n, call, 20)).toBe(1_320_000_000n);
    expect(onOurClock(5n, call, 20)).toBe(1_320_000_000n);
  });
});
