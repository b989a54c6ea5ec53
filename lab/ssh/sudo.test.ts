import { describe, expect, it } from 'vitest';
import type { MachineSpec } from '../../src/model/spec.ts';
import { elevation, PasswordGiver, passwordOf, sudoProblem } from './sudo.ts';

const machine: MachineSpec = { address: '10.0.0.7', port: 22, user: 'ops', sudo: true };
const withPassword: MachineSpec = { ...machine, sudoPasswordFrom: 'PW' };

describe('becoming root', () => {
  it('takes no sudo where none is wanted', () => {
    expect(elevation({ ...machine, sudo: false })).toBeUndefined();
    expect(passwordOf({ ...withPassword, sudo: false }, {})).toBeUndefined();
  });

  it('never lets sudo ask where there is no password to give', () => {
    expect(elevation(machine)?.prefix).toBe('sudo -n');
  });

  it('has the password in no argument, and a question that nobody can guess', () => {
    const [one, two] = [elevation(withPassword), elevation(withPassword)];
    expect(one?.prefix).toBe(`sudo -S -p ${one?.prompt}`);
    expect(one?.prompt).not.toBe(two?.prompt);
  });

  it('takes the password from the environment, or says how to put it there', () => {
    expect(passwordOf(withPassword, { PW: 'x y' })).toBe('x y');
    expect(() => passwordOf(withPassword, {})).toThrow(/PW is not set/);
  });
});

describe('the password', () => {
  const given: string[] = [];
  const giver = (password: string | undefined) => {
    given.length = 0;
    return new PasswordGiver({ write: (text: string) => given.push(text) > 0 }, 'ask:', password);
  };

  it('is given when sudo asks, also when the question comes in pieces', () => {
    const one = giver('secret');
    expect(one.hear('We trust you have received the usual lecture.\nas')).toBe(false);
    expect(given).toEqual([]);
    expect(one.hear('k:')).toBe(false);
    expect(given).toEqual(['secret\n']);
  });

  it('is wrong when sudo asks again', () => {
    const one = giver('secret');
    one.hear('ask:');
    expect(one.hear('Sorry, try again.\nask:')).toBe(true);
    expect(given).toEqual(['secret\n']);
  });

  it('is never given to what did not ask', () => {
    giver('secret').hear('nothing of the kind');
    expect(given).toEqual([]);
  });
});

describe('what sudo says', () => {
  it.each([
    ['sh: 1: sudo: not found', /there is no sudo/],
    ['sudo: a password is required', /requires a password/],
    ['ops is not in the sudoers file.', /may not use sudo/],
    ["Sorry, user ops is not allowed to execute '/bin/sh' as root on rs1.", /may not use sudo/],
  ])('%s', (said, says) => expect(sudoProblem(machine, said)?.message).toMatch(says));

  it('may be of no meaning', () => expect(sudoProblem(machine, 'perl: not found')).toBeUndefined());
});
