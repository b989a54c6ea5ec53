import { relative } from 'node:path';
import { expect, test } from 'vitest';
import { asset } from '../../src/util/root.ts';
import { sitesIn, testName } from './inconclusive.ts';

test(`who calls inconclusive has a ${testName} in the folder, or in one above`, () => {
  const suites = asset('suites');
  const alone = sitesIn(suites)
    .map(({ file, line }) => `${relative(suites, file)}:${line}`)
    .filter((site) => !site.startsWith('testing/'));
  expect(alone).toEqual([]);
});
