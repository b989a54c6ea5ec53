import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { deterministicFlags } from './deterministic.ts';

/** What `node()` starts in a process that was started with these flags; only a built program runs under a plain Node. */
const startedBy = (flags: string[]): string[] => {
  const text = `import { node } from ${JSON.stringify(new URL('../../dist/src/util/deterministic.js', import.meta.url))};
    console.log(JSON.stringify(node()));`;
  const argv = [...flags, '--input-type=module', '--eval', text];
  return JSON.parse(execFileSync(process.execPath, argv, { encoding: 'utf8' }));
};

it('hands down what makes a process steady, and nothing else', () => {
  expect(startedBy(['--no-warnings', ...deterministicFlags(7)])).toEqual([
    process.execPath,
    ...deterministicFlags(7),
  ]);
  expect(startedBy(['--no-warnings'])).toEqual([process.execPath]);
});

it('gives equal random numbers to equal seeds', () => {
  const random = (seed: number) =>
    execFileSync(process.execPath, [...deterministicFlags(seed), '--print', 'Math.random()'], {
      encoding: 'utf8',
    });
  expect(random(7)).toBe(random(7));
  expect(random(7)).not.toBe(random(8));
});
