import { describe, expect, it } from 'vitest';
import { findLab, readLab } from '../../src/model/labfile/index.ts';
import { stagedSpec } from '../../src/run/cases.ts';
import { remedyText } from '../testing/remedy.ts';
import { kept, sourcesKeepServer } from './affinity.ts';
import { flowsThatMove, movedIn } from './moving.ts';
import { sharesByScheduler } from './sharing.ts';

const { spec } = await readLab(await findLab('default'));
const staged = stagedSpec(spec, sharesByScheduler);
if ('impossible' in staged) throw new Error(staged.impossible);
const facts = { spec: staged.spec };
const servers = ['rs1', 'rs2', 'rs3'];
const turns = (n: number, shift = 0) => Array.from({ length: n }, (_, i) => servers[(i + shift) % 3] ?? '');
/** What the co-assertions saw is tried elsewhere: here only what each check makes of its own part. */
const after = { requester: 'c1', vips: [], packets: [{ director: 'd1', before: 1, after: 9 }] };
const judge = (check: typeof sharesByScheduler, inner: unknown) => check.judge({ inner, after }, facts);

describe('BAL-01', () => {
  it('gives Jain’s index and chi-square by the weights of each service', () => {
    const wrr = [...Array(10).fill('rs1'), ...Array(20).fill('rs2'), ...Array(30).fill('rs3')];
    const done = [
      { scheduler: 'rr', answered: turns(60) },
      { scheduler: 'wrr', answered: wrr },
      { scheduler: 'sh', answered: Array(60).fill('rs1') },
    ];
    const { verdict, seen, figures = [], charts } = judge(sharesByScheduler, { done, lacking: ['mh'] });
    expect([verdict, seen]).toEqual([
      'pass',
      expect.stringContaining('rr 20 : 20 : 20; wrr 10 : 20 : 30; sh 60 : 0 : 0; the kernel has no mh'),
    ]);
    const value = (name: string) => figures.find((one) => one.name === name)?.value;
    expect(value('Jain’s index, wrr')).toBeCloseTo(1);
    expect(value('chi-square p, rr')).toBeCloseTo(1);
    expect(value('Jain’s index, sh')).toBeCloseTo(1 / 3);
    expect(value('chi-square p, sh')).toBeLessThan(1e-9);
    expect(charts).toHaveLength(3);
  });

  it('gives nothing where a connection was not answered', () => {
    const done = [{ scheduler: 'rr', answered: [...turns(59), 'timeout'] }];
    expect(judge(sharesByScheduler, { done, lacking: [] }).verdict).toBe('inconclusive');
  });
});

describe('BAL-02', () => {
  const sticky = { scheduler: 'sh', rounds: [turns(50), turns(50), turns(50)] };
  const turning = { rounds: [turns(50), turns(50, 50), turns(50, 100)] };

  it('passes where hashed sources stay, whatever rr does', () => {
    expect([kept(sticky.rounds), kept(turning.rounds)]).toEqual([1, 0]);
    const done = [sticky, { scheduler: 'rr', ...turning }];
    expect(judge(sourcesKeepServer, { done, lacking: ['mh'] })).toMatchObject({ verdict: 'pass' });
  });

  it('fails where they wander, and names the scheduler', () => {
    const done = [sticky, { scheduler: 'mh', ...turning }];
    const judgement = judge(sourcesKeepServer, { done, lacking: [] });
    expect(judgement).toMatchObject({ verdict: 'fail', seen: expect.stringContaining('mh: 0 of 50') });
    expect(remedyText(judgement)).toMatch(/ipvsadm -E -t \S+:8404 -s mh/);
  });

  it('is no verdict without answers', () => {
    const mute = { scheduler: 'sh', rounds: [turns(50), turns(50), Array(50).fill('timeout')] };
    expect(judge(sourcesKeepServer, { done: [mute], lacking: [] }).verdict).toBe('inconclusive');
    expect(judge(sourcesKeepServer, { done: [], lacking: ['sh', 'mh', 'rr'] }).verdict).toBe('inconclusive');
  });
});

describe('BAL-03', () => {
  it('counts only those that need not have moved', () => {
    const one = {
      left: 'rs3',
      before: ['rs1', 'rs2', 'rs3', 'rs1'],
      without: ['rs1', 'rs1', 'rs2', 'rs2'],
      again: ['rs1', 'rs2', 'rs3', 'rs3'],
    };
    expect(movedIn(one)).toEqual({ stayed: 3, needlessly: 2, back: 3 });
  });

  it('is no figure where the server was still asked', () => {
    const row = { scheduler: 'rr', left: 'rs3', before: turns(60), without: turns(60), again: turns(60) };
    expect(judge(flowsThatMove, { done: [row], lacking: [] })).toMatchObject({
      verdict: 'inconclusive',
      seen: expect.stringContaining('rs3 was still asked'),
    });
  });
});
