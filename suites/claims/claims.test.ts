import { describe, expect, it } from 'vitest';
import { checks } from '../index.ts';
import { claims } from './index.ts';

describe('claims', () => {
  it('are 53, each once', () => {
    const ids = Array.from({ length: 53 }, (_, i) => `S${String(i + 1).padStart(2, '0')}`);
    expect(claims.map((claim) => claim.id)).toEqual(ids);
  });
  it.each(claims)('$id is decided by checks that there are', ({ decidedBy }) => {
    expect(decidedBy).not.toEqual([]);
    const known = new Set(checks.map((check) => check.id));
    expect(decidedBy.filter((id) => !known.has(id))).toEqual([]);
  });
});
