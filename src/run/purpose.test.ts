import { expect, test } from 'vitest';
import { evidenceFolder, purposeName } from './purpose.ts';
import { brokenBy, inRun } from './testing/purposes.ts';

const before = { kind: 'unbroken', when: 'before' } as const;

test.each([
  [inRun(), 'run', 'PP-01'],
  [inRun('routed'), 'run@routed', 'PP-01'],
  [before, 'before', 'before/PP-01'],
  [{ ...before, group: 'routed' }, 'before@routed', 'before@routed/PP-01'],
  [brokenBy('PP-01', 'lossy'), 'PP-01/lossy', 'PP-01-lossy/PP-01'],
])('%o is called %s, and keeps evidence in %s', (purpose, name, folder) => {
  expect(purposeName(purpose)).toBe(name);
  expect(evidenceFolder(purpose, 'PP-01')).toBe(folder);
});
