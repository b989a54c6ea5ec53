import { describe, expect, test } from 'vitest';
import { findLab, readLab } from '../src/model/labfile/index.ts';
import { vantagesOf } from '../src/model/vantage.ts';
import { reduced } from '../src/run/cases.ts';
import { checks } from './index.ts';

/** What is claimed of clients and services is judged for each kind of them, or the check says why not. */

const looksEverywhere = checks.filter(({ vantages }) => vantages && !('once' in vantages));
const { spec } = await readLab(await findLab('default'));

test('every check of the lab as written says from where it looks, or why once', () => {
  const silent = checks.filter(({ stage, vantages }) => !stage && !vantages);
  expect(silent.map(({ id }) => id)).toEqual([]);
  const reasons = checks.flatMap(({ vantages }) =>
    vantages && 'once' in vantages ? [vantages.once.split(' ').length] : [],
  );
  expect(Math.min(...reasons)).toBeGreaterThan(3);
});

test('what breaks the lab looks once', () => {
  expect(looksEverywhere.filter(({ disturbs }) => disturbs).map(({ id }) => id)).toEqual([]);
});

test('every MUST check with a vantage has a mutant that the first vantage does not show', () => {
  const without = looksEverywhere.filter(
    ({ level, stage, mutants }) => level === 'must' && !stage && !mutants.some((one) => one.elsewhere),
  );
  expect(without.map(({ id }) => id)).toEqual([]);
});

describe.each(looksEverywhere.filter(({ stage }) => !stage))('$id', (check) => {
  const base = reduced(spec, check);

  test('looks once at the default lab', () => {
    expect(vantagesOf(base, check.vantages)).toHaveLength(1);
  });

  test.each(check.mutants.filter((one) => one.elsewhere))('$id breaks a lab of two vantages', (mutant) => {
    const broken = mutant.change(base);
    const views = vantagesOf(broken, check.vantages);
    expect(views).toHaveLength(2);
    expect(broken.hosts[0]?.name).toBe(base.hosts[0]?.name);
    expect(broken.services[0]).toEqual(base.services[0]);
    expect(broken.hooks.afterApply.length).toBeGreaterThan(base.hooks.afterApply.length);
  });
});
