import { expect, it } from 'vitest';
import type { RunEvent } from '../../model/events.ts';
import type { TrialTask } from '../../model/job.ts';
import type { Lab } from '../../model/lab.ts';
import { parseLab } from '../../model/labfile/index.ts';
import type { LabSpec } from '../../model/spec.ts';
import type { WorkloadValue } from '../../model/workload.ts';
import { canStay } from './trial-lab.ts';
import { runTrials } from './trials.ts';

const specOf = (scheduler: string, delay = '0'): LabSpec =>
  parseLab(`realServers: [{ delay: ${delay} }, {}]\nservices: [{ scheduler: ${scheduler} }]`, 'lab.yaml');

const task = (order: number, lab: number, block = 0): TrialTask => ({
  workload: 'made-up',
  variant: lab === 0 ? 'rr' : 'lc',
  control: false,
  block,
  order,
  lab,
  direct: false,
  trialMs: 10,
  factor: 1,
  seed: 1,
});

/** A workshop that writes down what is asked of it, and a workload that answers as it is told. */
async function run(
  tasks: TrialTask[],
  observe: (nth: number) => string | undefined,
  o: {
    resets?: boolean;
    tries?: number[];
    refuses?: string;
    again?: boolean;
    lacks?: string;
    unsettled?: string;
  } = {},
) {
  const log: string[] = [];
  const events: RunEvent[] = [];
  let observed = 0;
  const workload: WorkloadValue = {
    ...{ id: 'made-up', title: '', description: '', figures: [], rateHz: 1, trialMs: 10, needs: ['capture'] },
    change: (spec) => spec,
    observe: async () => observe(observed++),
    judge: (why) => ({
      outcome: {
        ...{ figures: {}, shares: {}, planned: 1, good: 1, errors: {} },
        ...(typeof why === 'string' && { inconclusive: why }),
      },
      factor: 1,
    }),
  };
  const scheduler = (spec: LabSpec) => spec.services[0]?.scheduler ?? '';
  await runTrials(
    {
      labs: [specOf('rr'), specOf('lc')],
      tries: (o.tries ?? []).map((lab) => ({ variant: lab === 0 ? 'rr' : 'lc', lab })),
      tasks,
      again: o.again ?? true,
    },
    [workload],
    {
      async buildLab(spec) {
        log.push(`build ${scheduler(spec)}`);
        if (scheduler(spec) === o.refuses) throw new Error('this kernel does not have it');
        return {
          lacks: () => o.lacks,
          ...(o.unsettled !== undefined && { unsettled: o.unsettled }),
          logs: async () => [],
          [Symbol.asyncDispose]: async () => void log.push('down'),
        } as unknown as Lab;
      },
      async reset(_, to) {
        log.push(`reset ${scheduler(to)}`);
        if (o.resets === false || scheduler(to) === o.refuses) throw new Error('connections stay');
      },
      note: () => {},
    },
    (event) => events.push(event),
  );
  const trials = events.flatMap((event) => (event.type === 'trial-end' ? [event.trial] : []));
  return { log, events, trials };
}

it('keeps the lab while only its scheduler changes, and resets it before every trial', async () => {
  const { log, trials } = await run([task(0, 0), task(1, 1), task(2, 0)], () => undefined);
  expect(log).toEqual(['build rr', 'reset lc', 'reset rr', 'down']);
  expect(trials.map(({ order, variant }) => [order, variant])).toEqual([
    [0, 'rr'],
    [1, 'lc'],
    [2, 'rr'],
  ]);
});

it('builds again what cannot be reset', async () => {
  const { log } = await run([task(0, 0), task(1, 1)], () => undefined, { resets: false });
  expect(log).toEqual(['build rr', 'reset lc', 'down', 'build lc', 'down']);
});

it('tries what gave no figures once more, at the end of its block, and never a third time', async () => {
  const { trials } = await run([task(0, 0), task(1, 1), task(2, 0, 1)], (nth) =>
    nth === 0 || nth === 2 ? `late ${nth}` : undefined,
  );
  expect(trials.map(({ order, inconclusive, again }) => [order, inconclusive, again])).toEqual([
    [0, 'late 0', undefined],
    [1, undefined, undefined],
    [0, 'late 2', 'late 0'],
    [2, undefined, undefined],
  ]);
});

it('tries nothing again while it calibrates', async () => {
  const { trials } = await run([task(0, 0)], () => 'late', { again: false });
  expect(trials.length).toBe(1);
});

it('an exception is inconclusive, and the next trial gets a fresh lab', async () => {
  const { log, trials } = await run([task(0, 0), task(1, 1)], (nth) => {
    if (nth === 0) throw new Error('the prober ended');
    return undefined;
  });
  expect(trials.map(({ inconclusive }) => inconclusive)).toEqual(['the prober ended', undefined, undefined]);
  expect(log).toEqual(['build rr', 'down', 'build lc', 'reset rr', 'down']);
});

it('where the lab lacks what the workload needs the trial has the reason and no figures, and nothing is observed', async () => {
  let asked = 0;
  const observe = () => {
    asked++;
    return undefined;
  };
  const { trials } = await run([task(0, 0)], observe, { lacks: 'no tcpdump on d1', again: false });
  expect(trials).toMatchObject([{ inconclusive: 'no tcpdump on d1', figures: {}, planned: 0, good: 0 }]);
  expect(asked).toBe(0);
});

it('says which variants are unavailable here, and why', async () => {
  const { events } = await run([], () => undefined, { tries: [0, 1], refuses: 'lc' });
  expect(events).toMatchObject([
    { type: 'variant-tried', variant: 'rr' },
    { type: 'variant-tried', variant: 'lc', unsupported: 'this kernel does not have it' },
  ]);
});

it('a lab stays only where nothing but the scheduler differs', () => {
  expect(canStay(specOf('rr'), specOf('sh'))).toBe(true);
  expect(canStay(specOf('rr'), specOf('rr', '5ms'))).toBe(false);
  const keepalived: LabSpec = { ...specOf('rr'), director: { kind: 'keepalived' } };
  expect(canStay(keepalived, keepalived)).toBe(false);
});

it('notes in a trial what its lab lacked when it should have settled', async () => {
  const { trials } = await run([task(0, 0)], () => undefined, { unsettled: 'd1: lacks a' });
  expect(trials[0]).toMatchObject({ unsettled: 'd1: lacks a' });
  expect((await run([task(0, 0)], () => undefined)).trials[0]).not.toHaveProperty('unsettled');
});
