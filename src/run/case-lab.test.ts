import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Check, check, type Judgement } from '../model/check.ts';
import type { RunEvent } from '../model/events.ts';
import type { Purpose } from '../model/job.ts';
import type { Lab } from '../model/lab.ts';
import { parseLab } from '../model/labfile/index.ts';
import { CannotHere } from '../util/errors.ts';
import { CaseLab } from './case-lab.ts';
import { brokenBy, inRun } from './testing/purposes.ts';

const spec = parseLab('name: one', 'one.yaml');
let runDir: string;
beforeAll(async () => {
  runDir = await mkdtemp(join(tmpdir(), 'drlab-test-'));
});
afterAll(() => rm(runDir, { recursive: true, force: true }));

const refuting: Judgement = {
  ...{ verdict: 'fail', expected: '', seen: 'nobody answers', cause: 'rs1 is dead' },
  refutes: [
    { precondition: 'serviceAnswers', hosts: ['rs1'] },
    { precondition: 'allServersAnswer', hosts: ['rs1'] },
  ],
};

/** A check that says these verdicts, one after the other. */
const saying = (verdicts: Judgement['verdict'][], over: Partial<Check> = {}): Check => {
  let i = 0;
  return {
    ...check({
      id: 'X-01',
      suite: 'path',
      level: 'must',
      title: 'x',
      requirement: 'x',
      source: 'x',
      needs: [],
      mutants: [],
      observe: async () => i++,
      judge: (n: number) => ({ verdict: verdicts[n] ?? 'pass', expected: '', seen: `say ${n}` }),
    }),
    ...over,
  };
};

function aCaseLab(impossible?: string, refusal?: Error, purpose: Purpose = inRun(), asked = ['X-01']) {
  let built = 0;
  const events: RunEvent[] = [];
  const lab = new CaseLab(
    { purpose, spec, checks: asked, ...(impossible !== undefined && { impossible }) },
    false,
    {
      checks: [],
      buildLab: async () => {
        built++;
        if (refusal) throw refusal;
        const lab = {
          spec,
          configs: [],
          lacks: () => undefined,
          logs: async () => [],
          [Symbol.asyncDispose]: async () => {},
        };
        return lab as unknown as Lab;
      },
      provenance: async () => [],
      runDir,
      emit: (event) => events.push(event),
    },
    { built: false, refused: false, found: [] },
  );
  return { lab, events, built: () => built };
}

describe('the lab of a case', () => {
  it('tries what could not be measured once more, on a fresh lab', async () => {
    const { lab, events, built } = aCaseLab();
    const result = await lab.run(saying(['inconclusive', 'pass']), true);
    expect(result).toMatchObject({ verdict: 'pass', triedAgain: 'say 0' });
    expect(built()).toBe(2);
    expect(events).toContainEqual({
      type: 'progress',
      text: 'X-01 could not be measured (say 0); repeated on a fresh lab',
    });
  });
  it('does not judge what presumes a finding away, and builds no fresh lab for it', async () => {
    const { lab, built } = aCaseLab();
    const root = saying(['fail'], { id: 'PP-16', judge: () => refuting });
    await lab.run(root, false);
    const observed = saying(['fail'], { suite: 'scheduler' });
    expect(await lab.run(observed, false)).toMatchObject({
      verdict: 'inconclusive',
      because: { check: 'PP-16', hosts: ['rs1'] },
    });
    const follows = saying(['inconclusive', 'pass'], { follows: ['serviceAnswers'] });
    expect((await lab.run(follows, true))?.verdict).toBe('inconclusive');
    expect(built()).toBe(1);
  });
  it('judges everything in a lab that was broken on purpose', async () => {
    const { lab } = aCaseLab(undefined, undefined, brokenBy('PP-16', 'mutant'), ['PP-16', 'X-01']);
    await lab.run(saying(['fail'], { id: 'PP-16', judge: () => refuting }), false);
    expect((await lab.run(saying(['fail'], { suite: 'scheduler' }), true))?.verdict).toBe('fail');
  });
  it('and not twice more', async () => {
    const result = await aCaseLab().lab.run(saying(['inconclusive', 'inconclusive', 'pass']), true);
    expect(result).toMatchObject({ verdict: 'inconclusive', triedAgain: 'say 0' });
  });
  it.each(['fail', 'pass'] as const)('leaves %s as it is', async (verdict) => {
    const { lab, built } = aCaseLab();
    expect(await lab.run(saying([verdict, 'inconclusive']), true)).not.toHaveProperty('triedAgain');
    expect(built()).toBe(1);
  });
  it('gives a check that disturbs a lab of its own, and the next one another', async () => {
    const { lab, built } = aCaseLab();
    await lab.run(saying(['pass']), false);
    await lab.run(saying(['pass'], { disturbs: true }), false);
    expect(built()).toBe(2);
    await lab.run(saying(['pass']), true);
    expect(built()).toBe(3);
  });
  it('keeps evidence of what a broken lab is for, and none of what is asked beside it', async () => {
    const own = await aCaseLab(undefined, undefined, brokenBy('X-01', 'mutant')).lab.run(
      saying(['fail']),
      false,
    );
    expect(own?.evidence.map(({ path }) => path)).toEqual(['evidence/X-01-mutant/X-01/observation.json']);
    const beside = await aCaseLab(undefined, undefined, brokenBy('Y-01', 'mutant'), ['Y-01', 'X-01']);
    expect((await beside.lab.run(saying(['fail']), true))?.evidence).toEqual([]);
  });
  it('builds nothing for a stage that cannot be', async () => {
    const { lab, built } = aCaseLab('routed: the lab has no client');
    expect(await lab.run(saying(['pass']), true)).toMatchObject({
      verdict: 'unsupported',
      reason: 'routed: the lab has no client',
    });
    expect(built()).toBe(0);
  });
  it('tries once to build a lab that this place cannot have, and says what is missing', async () => {
    const { lab, built } = aCaseLab(undefined, new CannotHere('the kernel has no IPv6'));
    const missing = { verdict: 'unsupported', reason: 'the kernel has no IPv6' };
    expect(await lab.run(saying(['pass']), false)).toMatchObject(missing);
    expect(await lab.run(saying(['pass']), true)).toMatchObject(missing);
    expect(built()).toBe(1);
  });
  it('calls a lab that could not be built broken', async () => {
    const { lab } = aCaseLab(undefined, new Error('a bug'));
    expect((await lab.run(saying(['pass']), true))?.verdict).toBe('broken');
  });
});
