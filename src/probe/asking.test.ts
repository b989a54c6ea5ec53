import { describe, expect, it } from 'vitest';
import { rowsOf } from '../programs/index.ts';
import { askedIn } from './asking.ts';

describe('what asking for addresses brings', () => {
  it('keeps entries of these addresses only, and each MAC once', () => {
    const text = [
      'entry 198.18.0.100 02:0D:00:00:00:01 0',
      'entry 198.18.0.21 02:0e:00:00:00:01 1',
      'reply 198.18.0.100 02:0d:00:00:00:01',
      'reply 198.18.0.100 02:0e:00:00:00:01',
      'reply 198.18.0.100 02:0d:00:00:00:01',
      '',
    ].join('\n');
    expect(askedIn(rowsOf(text), ['198.18.0.100'])).toEqual({
      neighbours: [{ ip: '198.18.0.100', mac: '02:0d:00:00:00:01', permanent: false }],
      repliers: [
        { ip: '198.18.0.100', mac: '02:0d:00:00:00:01' },
        { ip: '198.18.0.100', mac: '02:0e:00:00:00:01' },
      ],
    });
  });

  it('tells a permanent entry', () => {
    expect(
      askedIn([['entry', '10.0.0.1', '02:00:00:00:00:01', '1']], ['10.0.0.1']).neighbours[0]?.permanent,
    ).toBe(true);
  });

  it('is empty where nobody answered', () => {
    expect(askedIn([], ['198.18.0.100'])).toEqual({ neighbours: [], repliers: [] });
  });
});
