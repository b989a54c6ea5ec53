import { expect, test } from 'vitest';
import type { Check } from '../model/check.ts';
import type { RunEvent } from '../model/events.ts';
import type { Case } from '../model/job.ts';
import type { Lab } from '../model/lab.ts';
import { parseLab } from '../model/labfile/index.ts';
import { aRecord } from '../report/testing/record.ts';
import { exitCode, StepFailed } from '../util/errors.ts';
import { assemble } from './assemble.ts';
import { playAll } from './play.ts';
import { inRun } from './testing/purposes.ts';

const text = 'name: one\nhooks:\n  afterApply:\n    - "true"\n    - false\n';
const spec = parseLab(text.replace('false', '"false"'), 'one.yaml');
const checks = ['X-01', 'X-02', 'X-03'].map(
  (id) => ({ id, suite: 'arp', level: 'must', title: id, needs: ['arp'], mutants: [] }) as unknown as Check,
);
const cases: Case[] = [
  { purpose: inRun(), spec, checks: ['X-01', 'X-02'] },
  { purpose: inRun('other'), spec, checks: ['X-03'] },
];
const failing = new StepFailed('hooks.afterApply[1]', 'on the sandbox: «false» ended with 1: no');

/** @param builds what becomes of each lab that is asked for; the last holds for all that follow */
async function recordOf(builds: (StepFailed | 'built')[], atTeardown?: StepFailed, workers = [cases]) {
  const events: RunEvent[] = [];
  let asked = 0;
  const dispose = async () => {
    if (atTeardown) throw atTeardown;
  };
  const lab = { spec, configs: [], lacks: () => 'nothing here', logs: async () => [] };
  const buildLab = async () => {
    const build = builds[Math.min(asked++, builds.length - 1)];
    if (build instanceof StepFailed) throw build;
    return { ...lab, [Symbol.asyncDispose]: dispose } as unknown as Lab;
  };
  const workshop = { checks, buildLab, provenance: async () => [], runDir: '/nowhere' };
  for (const own of workers) await playAll(own, { ...workshop, emit: (event) => void events.push(event) });
  const meta = {
    ...aRecord({ results: [] }),
    sandbox: 'uml' as const,
    lab: { file: 'one.yaml', text, spec },
  };
  return { asked, record: assemble(meta, cases, checks, events) };
}

test('a hook that fails while it configures the lab is one problem, with its place in the file, and no check is judged', async () => {
  const { asked, record } = await recordOf([failing], undefined, [cases.slice(0, 1), cases.slice(1)]);
  expect(asked).toBe(2);
  expect(record).toMatchObject({
    results: [],
    notRun: ['X-01', 'X-02', 'X-03'],
    exitCode: exitCode.labFile,
  });
  expect(record.faults).toEqual([
    {
      message: 'one.yaml:5:7: hooks.afterApply[1] on the sandbox: «false» ended with 1: no',
      hint: expect.stringContaining('drlab lab shell'),
    },
  ]);
});

test('where other labs were up, only the checks of the lab that it left unconfigured are not run', async () => {
  const { record } = await recordOf(['built', failing]);
  expect(record.results.map(({ id }) => id)).toEqual(['X-01', 'X-02']);
  expect(record).toMatchObject({ notRun: ['X-03'], exitCode: exitCode.inconclusive });
  expect(record.faults).toHaveLength(1);
});

test('a hook that fails when labs are taken down is one problem of the run, and every check keeps its verdict', async () => {
  const late = new StepFailed('hooks.beforeTeardown[0]', 'on rs1: «false» ended with 1: no');
  const { record } = await recordOf(['built'], late);
  expect(record.results.map(({ verdict }) => verdict)).toEqual(Array(3).fill('unsupported'));
  expect(record).not.toHaveProperty('notRun');
  expect(record.faults.map(({ message }) => message)).toEqual([
    'one.yaml:3:3: hooks.beforeTeardown[0] on rs1: «false» ended with 1: no',
  ]);
  expect(record.exitCode).toBe(exitCode.inconclusive);
});
