import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StandingLab } from '../../model/state.ts';
import { drlab, type Ended } from '../testing/drlab.ts';
import { House } from '../testing/house.ts';

/** `lab up`, `ls`, `exec`, `down`: a lab that stays between commands. Each test goes on from the one before. */

let house: House;
let before: string[];
const lab = (...args: string[]): Promise<Ended> =>
  drlab(['lab', ...args], {
    prefix: house.prefix,
    env: { HOME: '/tmp/home', XDG_STATE_HOME: '/tmp/home/state' },
  });

beforeAll(async () => {
  house = await House.create();
  before = await house.traces();
});
afterAll(() => house[Symbol.asyncDispose]());

it('comes up and stays', async () => {
  const { code, stdout } = await lab('up', '--lab', 'nftables');
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^nftables is up \(\d+ ms\)/) });
  const listed = await lab('ls', '--json');
  const [standing, ...others] = JSON.parse(listed.stdout) as StandingLab[];
  expect(others).toEqual([]);
  expect(standing).toMatchObject({
    name: 'nftables',
    hosts: expect.arrayContaining([expect.objectContaining({ name: 'c1' })]),
  });
  expect((await lab('ls')).stdout).toMatch(/^nftables {2}up since .*5 hosts \(.*c1.*rs3.*\)/);
});

it('runs commands on its hosts', async () => {
  const answer = await lab('exec', 'c1', 'curl', '-s', '--max-time', '5', 'http://198.18.0.100/');
  expect(answer).toMatchObject({ code: 0, stdout: expect.stringMatching(/^rs[123]\b/) });
  expect(await lab('exec', 'rs1', 'sh', '-c', 'echo out; echo err >&2; exit 7')).toMatchObject({
    code: 7,
    stdout: 'out\n',
    stderr: 'err\n',
  });
  expect((await lab('exec', 'rs2', 'ip', '-br', 'addr', 'show', 'lo')).stdout).toContain('198.18.0.100/32');
});

it('has no other hosts, and is not brought up twice', async () => {
  const unknown = await lab('exec', 'rs9', 'true');
  expect(unknown).toMatchObject({
    code: 64,
    stderr: expect.stringMatching(/no host «rs9»\n.*its hosts: .*rs3/),
  });
  const again = await lab('up', '--lab', 'nftables');
  expect(again).toMatchObject({
    code: 64,
    stderr: expect.stringMatching(/is up already\n.*drlab lab down nftables/),
  });
});

it('goes down and leaves nothing', async () => {
  expect(await lab('down')).toMatchObject({ code: 0, stdout: 'nftables is down\n' });
  expect(await lab('ls', '--json')).toMatchObject({ code: 0, stdout: '[]\n' });
  const home = (path: string): boolean => path.startsWith('file /tmp/home/state');
  const left = (await house.traces()).filter((trace) => !before.includes(trace) && !home(trace));
  expect(left).toEqual([]);
  expect(readdirSync(house.at('/tmp/home/state/drlab/labs'))).toEqual([]);
  expect(await lab('down')).toMatchObject({ code: 64, stderr: expect.stringContaining('up now: none') });
});

it('that cannot come up leaves nothing either, and says what to do instead', async () => {
  const { code, stderr } = await lab('up', '--lab', 'minimal');
  // Where the machine's own kernel has IPVS there is nothing to refuse.
  if (code === 0) await lab('down');
  else
    expect({ code, stderr }).toEqual({
      code: 69,
      stderr: expect.stringContaining('drlab lab shell --lab minimal'),
    });
  expect(existsSync(join(house.at('/tmp/home'), 'state/drlab/labs/minimal'))).toBe(false);
});
