import { describe, expect, it } from 'vitest';
import { checks } from '../../../suites/index.ts';
import { catalogueDocument } from '../../report/index.ts';
import { leftOut } from './left-out.ts';

describe('the catalogue', () => {
  it('is published in docs/catalogue.md', async () => {
    await expect(catalogueDocument(checks, leftOut)).toMatchFileSnapshot('../../../docs/catalogue.md');
  });

  it('has every check once', () => {
    const ids = checks.map((check) => check.id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it('leaves nothing out that there is, and says why', () => {
    const known = new Set(checks.map((check) => check.id));
    expect(leftOut.filter(({ id }) => known.has(id))).toEqual([]);
    expect(leftOut.filter(({ why }) => why.length < 20)).toEqual([]);
  });

  it.each(checks.filter((check) => check.level === 'must'))(
    '$id has a mutant that can kill it',
    ({ mutants }) => {
      expect(mutants.length).toBeGreaterThan(0);
    },
  );
});
