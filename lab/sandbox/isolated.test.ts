import { describe, expect, it } from 'vitest';
import { endOf, programEnd } from './isolated.ts';
import { unshareArguments } from './isolation.ts';

describe('endOf', () => {
  it('returns the code of the program', () => {
    expect(endOf('up\nexit 7\n', null)).toEqual({ stage: 'program', code: 7 });
  });

  it.each([
    ['', 'set-up', /could not be set up/],
    ['up\nlost\n', 'lost', /guest ended before its program/],
    ['up\n', 'program', /ended by SIGKILL/],
  ])('explains what is missing after %j', (said, stage, problem) => {
    expect(endOf(said, 'SIGKILL')).toEqual({ stage, code: null, problem: expect.stringMatching(problem) });
  });
});

describe('programEnd', () => {
  it('takes 128 + a deadly signal for that signal', () => {
    expect(programEnd(137)).toEqual({ code: null, problem: expect.stringContaining('SIGKILL') });
  });

  it('leaves the exit code of an interrupted drlab alone', () => {
    expect(programEnd(130)).toEqual({ code: 130 });
  });
});

it('maps only ordinary users to root', () => {
  expect(unshareArguments(0)).not.toContain('--map-root-user');
  expect(unshareArguments(1000)).toContain('--map-root-user');
});
