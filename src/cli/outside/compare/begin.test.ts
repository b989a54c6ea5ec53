import { describe, expect, it } from 'vitest';
import { beginComparison, type CompareOptions } from './begin.ts';

const begin = (options: Partial<CompareOptions>) =>
  beginComparison({ workload: ['uniform'], lab: 'default', sandbox: 'auto', ...options });

describe('a comparison', () => {
  it('takes the first variant as base, and says what becomes of the lab', async () => {
    const { variants, wanted } = await begin({ forward: ['dr', 'nat'], seed: 7 });
    expect(variants.map(({ name, spec }) => [name, spec.services[0]?.forward])).toEqual([
      ['dr', 'dr'],
      ['nat', 'nat'],
    ]);
    expect(wanted).toMatchObject({ base: 'dr', seed: 7 });
    expect(wanted.changes).toContain('the client behind a router, which masquerading needs');
  });

  it.each<[string, Partial<CompareOptions>, string]>([
    ['of one variant', { schedulers: ['rr'] }, 'a comparison needs two'],
    ['of nothing', {}, 'nothing to compare was given'],
    [
      'of two things',
      { schedulers: ['rr', 'lc'], forward: ['dr', 'tun'] },
      'one thing is compared at a time',
    ],
    [
      'with a base that is no variant',
      { schedulers: ['rr', 'lc'], base: 'sh' },
      'the base sh is not among rr, lc',
    ],
    ['with two sizes', { schedulers: ['rr', 'lc'], blocks: 3, budget: 9 }, 'give one of them'],
    ['of kernels on a kernel', { kernels: ['6.1', '6.12'], kernel: '6.1' }, 'both name kernels'],
    ['of schedulers that there are not', { schedulers: ['rr', 'lc'], lab: 'nftables' }, 'has no schedulers'],
  ])('%s is refused', async (_, options, text) => {
    await expect(begin(options)).rejects.toThrow(text);
  });
});
