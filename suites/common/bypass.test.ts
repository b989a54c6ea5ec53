import { describe, expect, test } from 'vitest';
import type { Judgement } from '../../src/model/check.ts';
import { findLab, readLab } from '../../src/model/labfile/index.ts';
import { hostSpec } from '../../src/model/spec.ts';
import { remedyText } from '../testing/remedy.ts';
import { type After, judged } from './bypass.ts';

const { spec } = await readLab(await findLab('default'));
const routed = (await readLab(await findLab('routed'))).spec;
const macOf = (name: string): string => hostSpec(spec, name).mac;
const vip = '198.18.0.100';
const passed: Judgement = { verdict: 'pass', expected: 'answers', seen: '6 of 6' };
const failed: Judgement = {
  verdict: 'fail',
  expected: 'answers',
  seen: '0 of 6',
  cause: 'the service is down',
  remedy: [{ advice: 'start it' }],
};
const unclear: Judgement = { verdict: 'inconclusive', expected: 'answers', seen: 'nothing was captured' };

const left = (patch: Partial<After['vips'][number]> = {}, more: Partial<After> = {}): After => ({
  requester: 'c1',
  vips: [{ vip, holders: ['d1'], repliers: [macOf('d1')], neighbour: macOf('d1'), ...patch }],
  packets: [
    { director: 'd1', before: 10, after: 40 },
    { director: 'd2', before: 0, after: 0 },
  ],
  ...more,
});

describe('a check that passed', () => {
  test('passes when all went by way of the director', () => {
    expect(judged(passed, left(), spec)).toEqual(passed);
  });

  test('fails when the client believes a real server to be the VIP', () => {
    const said = judged(passed, left({ neighbour: macOf('rs2') }), spec);
    expect(said.verdict).toBe('fail');
    expect(said.seen).toMatch(/^6 of 6; but c1 has 198\.18\.0\.100 at the MAC of rs2/);
    expect(said.cause).toMatch(/the director was bypassed: c1 sends packets .* to rs2/);
    expect(remedyText(said)).toMatch(/on rs2: sysctl .*on c1: ip neigh flush to 198\.18\.0\.100/);
  });

  test('says of an entry that somebody wrote that it was written, and who answers ARP has no part in it', () => {
    const pinned = left({ neighbour: macOf('rs2'), permanent: true }, { requester: 'router' });
    const { cause, remedy } = judged(passed, pinned, routed);
    expect(cause).toMatch(/^router has a permanent neighbour entry for 198\.18\.0\.100 with the MAC of rs2/);
    expect(cause).not.toMatch(/answers or announces/);
    expect(remedy).toEqual([{ on: 'router', run: 'ip neigh del 198.18.0.100 dev eth0' }]);
    const learnt = left({ neighbour: macOf('rs2') }, { requester: 'router' });
    expect(judged(passed, learnt, routed).cause).not.toMatch(/permanent/);
  });

  test('has the same cause once', () => {
    const pinned = left({ neighbour: macOf('rs2'), permanent: true });
    const { cause = '' } = judged(passed, pinned, spec);
    expect(judged({ ...failed, cause }, pinned, spec).cause).toBe(cause);
  });

  test('fails when a real server answers beside the director', () => {
    const two = left({ repliers: [macOf('d1'), macOf('rs1')] });
    expect(judged(passed, two, spec)).toMatchObject({
      verdict: 'fail',
      cause: expect.stringMatching(/rs1 answers ARP .* beside d1/),
    });
  });

  test('sets no sysctl on a client that answers: it is not to have the VIP', () => {
    const two = left({ repliers: [macOf('d1'), macOf('c1')] });
    const remedy = remedyText(judged(passed, two, spec));
    expect(remedy).toMatch(/^on c1: ip addr show to 198\.18\.0\.100/);
    expect(remedy).not.toMatch(/sysctl/);
  });

  test('says it of an IPv6 VIP in its terms', () => {
    const two = left({ vip: 'fd00::64', repliers: [macOf('d1'), macOf('rs1')] });
    const said = judged(passed, two, spec);
    expect(said.cause).toMatch(/rs1 answers neighbour solicitations for fd00::64 beside d1/);
    expect(remedyText(said)).toMatch(/ip -6/);
  });

  test('fails when two directors answer', () => {
    const two = left({ holders: ['d1', 'd2'], repliers: [macOf('d1'), macOf('d2')] });
    expect(judged(passed, two, spec)).toMatchObject({
      verdict: 'fail',
      cause: expect.stringMatching(/split brain/),
    });
  });

  test('fails when no director counted anything', () => {
    const still = left({}, { packets: [{ director: 'd1', before: 10, after: 10 }] });
    expect(judged(passed, still, spec)).toMatchObject({
      verdict: 'fail',
      seen: expect.stringMatching(/the counters of d1 stood still/),
    });
  });

  test('takes counters that were set to zero meanwhile for moving ones', () => {
    const zeroed = left({}, { packets: [{ director: 'd1', before: 10, after: 3 }] });
    expect(judged(passed, zeroed, spec).verdict).toBe('pass');
  });

  test.each([
    ['nobody answered', left({ repliers: [] })],
    ['no neighbour entry', left({ neighbour: null })],
    ['no director has', left({ holders: [] })],
  ])('is inconclusive when %s', (missing, seen) => {
    expect(judged(passed, seen, spec)).toMatchObject({
      verdict: 'inconclusive',
      seen: expect.stringContaining(missing),
    });
  });

  test('says what this lab cannot show', () => {
    const blind = left(
      { repliers: [], neighbour: null },
      { notAsked: 'this lab is read-only', packets: [{ director: 'd1', before: null, after: null }] },
    );
    expect(judged(passed, blind, spec)).toMatchObject({
      verdict: 'pass',
      seen: expect.stringMatching(/read-only.*nothing there counts/),
    });
  });
});

test('a failure stays, and its cause names the bypass as well', () => {
  const bypassed = left({ neighbour: macOf('rs2') });
  expect(judged(failed, left(), spec)).toEqual(failed);
  expect(judged(failed, bypassed, spec)).toMatchObject({
    seen: '0 of 6',
    cause: expect.stringMatching(/^the service is down; in addition, the director was bypassed/),
  });
});

test.each([
  ['a failure', failed],
  ['what could not be judged', unclear],
])('%s says that the director counted nothing, and calls it no bypass', (_, inner) => {
  const still = left({}, { packets: [{ director: 'd1', before: 10, after: 10 }] });
  expect(judged(inner, still, spec)).toEqual({
    ...inner,
    seen: `${inner.seen}; the counters of d1 stood still`,
  });
});

test('what could not be judged is a failure only where ARP explains it', () => {
  expect(judged(unclear, left(), spec)).toEqual(unclear);
  expect(judged(unclear, left({ neighbour: macOf('rs2') }), spec).verdict).toBe('fail');
});
